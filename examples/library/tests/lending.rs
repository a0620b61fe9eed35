//! Every test has a migrated database to itself; they run at the same time.

use std::error::Error;

use library::MIGRATIONS;
use library::books::{Wanted, add, find};
use library::loans::{lend, open, take_back};
use library::tables::{Book, BookId, Isbn, State};
use schema_core::testing::{self, TestDatabase};
use sqlx::PgPool;

async fn library() -> Result<(TestDatabase, PgPool), Box<dyn Error>> {
    let database = testing::database(&MIGRATIONS).await?;
    let pool = PgPool::connect_with(database.options()).await?;
    let emma = (
        Isbn("9780141439587".to_owned()),
        "Emma".to_owned(),
        vec!["Jane Austen".to_owned()],
        Some("A 3".to_owned()),
    );
    let omens = (
        Isbn("9780060853983".to_owned()),
        "Good Omens".to_owned(),
        vec!["Neil Gaiman".to_owned(), "Terry Pratchett".to_owned()],
        None,
    );
    let added = add(&pool, vec![emma, omens]).await?;
    assert_eq!(added.len(), 2);
    Ok((database, pool))
}

#[tokio::test]
async fn a_book_comes_back_as_it_was_put_in() -> Result<(), Box<dyn Error>> {
    let (_database, pool) = library().await?;
    let wanted = Wanted {
        word: Some("OMEN".to_owned()),
        state: Some(State::OnShelf),
    };
    let expected = Book {
        id: BookId(2),
        isbn: Isbn("9780060853983".to_owned()),
        title: "Good Omens".to_owned(),
        authors: vec!["Neil Gaiman".to_owned(), "Terry Pratchett".to_owned()],
        state: State::OnShelf,
        shelf: None,
    };
    assert_eq!(find(&pool, &wanted).await?, [expected]);
    Ok(())
}

#[tokio::test]
async fn a_book_is_lent_once_at_a_time() -> Result<(), Box<dyn Error>> {
    let (_database, pool) = library().await?;
    let emma = BookId(1);
    assert_eq!(lend(&pool, emma, "ann").await?, Some(1));
    assert_eq!(lend(&pool, emma, "bob").await?, None);
    let lent = Wanted {
        word: None,
        state: Some(State::Lent),
    };
    assert_eq!(find(&pool, &lent).await?.len(), 1);
    assert_eq!(
        open(&pool).await?,
        [("ann".to_owned(), "Emma".to_owned(), 28)]
    );
    assert!(take_back(&pool, emma).await?);
    assert!(!take_back(&pool, emma).await?);
    assert_eq!(open(&pool).await?, []);
    assert_eq!(lend(&pool, emma, "bob").await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn the_domain_is_checked_by_the_database() -> Result<(), Box<dyn Error>> {
    let (_database, pool) = library().await?;
    let wrong = (Isbn("1".to_owned()), "?".to_owned(), Vec::new(), None);
    let error = add(&pool, vec![wrong]).await.expect_err("is no ISBN");
    assert!(error.to_string().contains("isbn"), "{error}");
    Ok(())
}
