//! Prints the API's document, for `cargo xtask gen`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{}", rampart_server::routes::openapi_text())
}
