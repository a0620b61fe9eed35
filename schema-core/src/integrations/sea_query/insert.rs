//! Lists of typed columns, and the rows that fit them.

use ::sea_query::{DynIden, Expr, InsertStatement, IntoIden, Query};

use super::{ValueFor, table};
use crate::sql_type::ColumnType;
use crate::table::{Column, Table};

/// Columns of one table: a tuple of up to 24, such as `(user.email, user.age)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of columns",
    label = "expected a tuple of one table's columns, such as `(user.email, user.age)` with `let user = User::COLUMNS`"
)]
pub trait ColumnList: Copy {
    /// The table.
    type Table: Table;
    /// Their names.
    fn names(self) -> Vec<DynIden>;
}

/// A tuple of values, each of its column's type.
#[diagnostic::on_unimplemented(
    message = "the values `{Self}` do not fit the columns",
    label = "expected a tuple with one value for each column"
)]
pub trait RowFor<List> {
    /// The values as expressions.
    fn into_exprs(self, list: List) -> Vec<Expr>;
}

/// The names of typed columns, for `Query::select().columns(…)`.
pub fn names<List: ColumnList>(list: List) -> Vec<DynIden> {
    list.names()
}

/// Rows to be inserted: `insert((user.email, user.age)).row(("ann@example.org", 41)).statement()`.
pub fn insert<List: ColumnList>(list: List) -> Insert<List> {
    let mut statement = Query::insert();
    let _ = statement
        .into_table(table::<List::Table>())
        .columns(list.names());
    Insert { list, statement }
}

/// Rows to be inserted; made by [`insert`].
#[derive(Clone, Debug)]
#[must_use = "`statement()` gives the statement"]
pub struct Insert<List> {
    list: List,
    statement: InsertStatement,
}

impl<List: ColumnList> Insert<List> {
    /// With a row more.
    pub fn row(mut self, row: impl RowFor<List>) -> Self {
        let values = row.into_exprs(self.list);
        // There is a value for each column: the types say so.
        let _ = self.statement.values(values);
        self
    }

    /// With more rows.
    pub fn rows(self, rows: impl IntoIterator<Item = impl RowFor<List>>) -> Self {
        rows.into_iter().fold(self, Self::row)
    }

    /// The statement, for `returning`, `on_conflict` and the rest.
    pub fn statement(self) -> InsertStatement {
        self.statement
    }
}

/// For tuples of every length: each column's type, and that of its value.
macro_rules! lists {
    () => {};
    ($column:ident $value:ident $($columns:ident $values:ident)*) => {
        lists! { $($columns $values)* }

        #[diagnostic::do_not_recommend]
        #[expect(non_snake_case, reason = "a column is called as its type is")]
        impl<T: Table, $column: ColumnType $(, $columns: ColumnType)*> ColumnList
            for (Column<T, $column>, $(Column<T, $columns>,)*)
        {
            type Table = T;

            fn names(self) -> Vec<DynIden> {
                let ($column, $($columns,)*) = self;
                vec![$column.into_iden() $(, $columns.into_iden())*]
            }
        }

        #[expect(non_snake_case, reason = "a column is called as its type is")]
        impl<T, $column: ColumnType, $value: ValueFor<$column> $(, $columns: ColumnType, $values: ValueFor<$columns>)*>
            RowFor<(Column<T, $column>, $(Column<T, $columns>,)*)> for ($value, $($values,)*)
        {
            fn into_exprs(self, list: (Column<T, $column>, $(Column<T, $columns>,)*)) -> Vec<Expr> {
                let ($column, $($columns,)*) = list;
                let ($value, $($values,)*) = self;
                vec![$column.val($value) $(, $columns.val($values))*]
            }
        }
    };
}
lists! { A1 B1 A2 B2 A3 B3 A4 B4 A5 B5 A6 B6 A7 B7 A8 B8 A9 B9 A10 B10 A11 B11 A12 B12
A13 B13 A14 B14 A15 B15 A16 B16 A17 B17 A18 B18 A19 B19 A20 B20 A21 B21 A22 B22 A23 B23 A24 B24 }
