//! Books: found by what one knows of them.

use schema_core::sea_query::{columns, insert};
use schema_core::table::Table as _;
use sea_query::{Expr, ExprTrait, Func, Order, PostgresQueryBuilder, Query};
use sea_query_sqlx::SqlxBinder;
use sqlx::{AssertSqlSafe, PgPool};

use crate::tables::{Book, Isbn, State};

/// What one knows of a book.
#[derive(Debug, Default)]
pub struct Wanted {
    pub word: Option<String>,
    pub state: Option<State>,
}

/// Puts copies on shelves.
pub async fn add(
    pool: &PgPool,
    copies: Vec<(Isbn, String, Vec<String>, Option<String>)>,
) -> sqlx::Result<Vec<Book>> {
    let book = Book::COLUMNS;
    let (sql, values) = insert((book.isbn, book.title, book.authors, book.shelf))
        .rows(copies)
        .statement()
        .returning(Query::returning().columns(columns::<Book>()))
        .build_sqlx(PostgresQueryBuilder);
    sqlx::query_as_with(AssertSqlSafe(sql), values)
        .fetch_all(pool)
        .await
}

/// The books that are wanted, by their titles.
pub async fn find(pool: &PgPool, wanted: &Wanted) -> sqlx::Result<Vec<Book>> {
    let mut query = Query::select();
    query
        .columns(columns::<Book>())
        .from(Book::Table)
        .order_by(Book::Title, Order::Asc);
    if let Some(word) = &wanted.word {
        let title = Expr::expr(Func::lower(Expr::col(Book::Title)));
        query.and_where(title.like(format!("%{}%", word.to_lowercase())));
    }
    if let Some(state) = wanted.state {
        query.and_where(Expr::col(Book::State).eq(Book::COLUMNS.state.val(state)));
    }
    let (sql, values) = query.build_sqlx(PostgresQueryBuilder);
    sqlx::query_as_with(AssertSqlSafe(sql), values)
        .fetch_all(pool)
        .await
}
