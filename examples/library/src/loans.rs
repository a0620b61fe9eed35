//! Loans: a book goes, and comes back.

use schema_core::sea_query::insert;
use schema_core::table::Table as _;
use sea_query::{Expr, ExprTrait, Order, PostgresQueryBuilder, Query};
use sea_query_sqlx::SqlxBinder;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::tables::{Book, BookId, Loan, State};

/// Lends a book; `None` if it is not on the shelf.
pub async fn lend(pool: &PgPool, id: BookId, reader: &str) -> sqlx::Result<Option<i64>> {
    let mut transaction = pool.begin().await?;
    if !moved(&mut transaction, id, State::OnShelf, State::Lent).await? {
        return Ok(None);
    }
    let loan = Loan::COLUMNS;
    let (sql, values) = insert((loan.book_id, loan.reader))
        .row((id, reader))
        .statement()
        .returning_col(Loan::Id)
        .build_sqlx(PostgresQueryBuilder);
    let id = sqlx::query_scalar_with(AssertSqlSafe(sql), values)
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// Takes a book back; `false` if it was not lent.
pub async fn take_back(pool: &PgPool, id: BookId) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    // A query of one's own takes the same types.
    sqlx::query("UPDATE lending.loans SET returned = true WHERE book = $1 AND NOT returned")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    let was_lent = moved(&mut transaction, id, State::Lent, State::OnShelf).await?;
    transaction.commit().await?;
    Ok(was_lent)
}

/// Who has what.
pub async fn open(pool: &PgPool) -> sqlx::Result<Vec<(String, String, i16)>> {
    let (sql, values) = Query::select()
        .columns([
            (Loan::Table, Loan::Reader),
            (Book::Table, Book::Title),
            (Loan::Table, Loan::Days),
        ])
        .from(Loan::Table)
        .inner_join(
            Book::Table,
            Expr::col((Book::Table, Book::Id)).equals((Loan::Table, Loan::BookId)),
        )
        .and_where(Expr::col((Loan::Table, Loan::Returned)).not())
        .order_by((Loan::Table, Loan::Id), Order::Asc)
        .build_sqlx(PostgresQueryBuilder);
    sqlx::query_as_with(AssertSqlSafe(sql), values)
        .fetch_all(pool)
        .await
}

/// Whether a book was in one state, and is now in the other.
async fn moved(
    connection: &mut PgConnection,
    id: BookId,
    from: State,
    to: State,
) -> sqlx::Result<bool> {
    let book = Book::COLUMNS;
    let (sql, values) = Query::update()
        .table(Book::Table)
        .value(Book::State, book.state.val(to))
        .and_where(Expr::col(Book::Id).eq(book.id.val(id)))
        .and_where(Expr::col(Book::State).eq(book.state.val(from)))
        .build_sqlx(PostgresQueryBuilder);
    let done = sqlx::query_with(AssertSqlSafe(sql), values)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
