use schema_core::prelude::*;
use schema_core::sea_query::{insert, names};

#[derive(PgEnum)]
enum Role {
    Admin,
}

#[table]
struct User {
    #[column(primary_key)]
    id: i64,
    age: i32,
    email: Option<String>,
    role: Role,
}

#[table]
struct Post {
    #[column(primary_key)]
    id: i64,
}

struct Opaque;

#[table]
struct Raw {
    #[column(primary_key)]
    id: i64,
    #[column(type = sql("point"))]
    place: Option<Opaque>,
}

fn main() {
    let (user, post) = (User::COLUMNS, Post::COLUMNS);
    // The wrong type, alone and in a row.
    let _ = user.age.val("forty");
    let _ = insert((user.id, user.email)).row((1, 2));
    // No NULL here.
    let _ = user.age.val(None);
    // A label is no text.
    let _ = user.role.val("admin");
    // Too few, too many.
    let _ = insert((user.id, user.age)).row((1,));
    let _ = insert((user.id, user.age)).row((1, 2, 3));
    // Columns of two tables; no tuple.
    let _ = names((user.id, post.id));
    let _ = insert(user.id);
    // A name has no type.
    let _ = User::Age.val(1);
}
