-- migrate:generated e9063a1432a1872f

-- Create schema lending
CREATE SCHEMA lending;

-- Describe schema lending
COMMENT ON SCHEMA lending IS 'who has what';

-- Create domain isbn
CREATE DOMAIN isbn AS text
    CONSTRAINT isbn_check CHECK (VALUE ~ '^[0-9]{13}$'::text);

-- Create enum state
CREATE TYPE state AS ENUM (
    'on_shelf',
    'lent',
    'lost'
);

-- Create table books
CREATE TABLE books (
    id bigint GENERATED ALWAYS AS IDENTITY,
    isbn isbn NOT NULL,
    title text NOT NULL,
    authors text[] NOT NULL,
    state state NOT NULL DEFAULT 'on_shelf',
    shelf text,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);

-- Create index books_isbn_idx on table books
CREATE INDEX books_isbn_idx ON books (isbn);

-- Describe table books
COMMENT ON TABLE books IS 'A copy of a book.';

-- Create table lending.loans
CREATE TABLE lending.loans (
    id bigint GENERATED ALWAYS AS IDENTITY,
    book bigint NOT NULL,
    reader text NOT NULL,
    days smallint NOT NULL DEFAULT 28,
    returned boolean NOT NULL DEFAULT false,
    CONSTRAINT loans_pkey PRIMARY KEY (id),
    CONSTRAINT loans_book_fkey FOREIGN KEY (book) REFERENCES books (id)
);

-- Create index loans_book_idx on table lending.loans
CREATE UNIQUE INDEX loans_book_idx ON lending.loans (book) WHERE NOT returned;

-- Describe table lending.loans
COMMENT ON TABLE lending.loans IS 'A copy with a reader.';
