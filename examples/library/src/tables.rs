//! What is kept.

use schema_core::prelude::*;

pg_schema!(pub lending, comment = "who has what");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PgNewtype)]
pub struct BookId(pub i64);

#[derive(Clone, Debug, PartialEq, Eq, PgDomain)]
#[pg(check = sql("value ~ '^[0-9]{13}$'"))]
pub struct Isbn(pub String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
pub enum State {
    OnShelf,
    Lent,
    Lost,
}

/// A copy of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
#[table(name = "books")]
pub struct Book {
    #[column(primary_key, identity(always))]
    pub id: BookId,
    #[column(index)]
    pub isbn: Isbn,
    pub title: String,
    pub authors: Vec<String>,
    #[column(default = State::OnShelf)]
    pub state: State,
    pub shelf: Option<String>,
}

/// A copy with a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
#[table(schema = lending, name = "loans")]
#[unique(book_id, where = !returned)]
pub struct Loan {
    #[column(primary_key, identity(always))]
    pub id: i64,
    #[column(name = "book", references = Book::id)]
    pub book_id: BookId,
    pub reader: String,
    #[column(default = 28)]
    pub days: i16,
    #[column(default = false)]
    pub returned: bool,
}
