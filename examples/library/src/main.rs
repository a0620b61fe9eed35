//! `library [list WORD | add ISBN TITLE AUTHOR… | lend ID READER | back ID]`

use std::env;
use std::error::Error;

use library::books::{Wanted, add, find};
use library::loans::{lend, open, take_back};
use library::tables::{BookId, Isbn};
use schema_core::migrate::at_start;
use sqlx::PgPool;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL")?;
    library::MIGRATIONS.apply(&url, &at_start()).await?;
    let pool = PgPool::connect(&url).await?;
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match &words[..] {
        ["add", isbn, title, authors @ ..] => {
            let authors = authors.iter().map(|&name| name.to_owned()).collect();
            let copy = (Isbn((*isbn).to_owned()), (*title).to_owned(), authors, None);
            for book in add(&pool, vec![copy]).await? {
                println!("{} {}", book.id.0, book.title);
            }
        }
        ["lend", id, reader] => match lend(&pool, BookId(id.parse()?), reader).await? {
            Some(loan) => println!("loan {loan}"),
            None => return Err("the book is not on the shelf".into()),
        },
        ["back", id] => {
            if !take_back(&pool, BookId(id.parse()?)).await? {
                return Err("the book was not lent".into());
            }
        }
        ["list", rest @ ..] => {
            let word = rest.first().map(|&word| word.to_owned());
            for book in find(&pool, &Wanted { word, state: None }).await? {
                println!("{} {} ({:?})", book.id.0, book.title, book.state);
            }
        }
        _ => {
            for (reader, title, days) in open(&pool).await? {
                println!("{reader} has {title} for {days} days");
            }
        }
    }
    Ok(())
}
