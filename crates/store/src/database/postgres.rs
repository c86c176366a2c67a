//! PostgreSQL: a few connections that come back by themselves after a restart of the server.

use std::collections::HashMap;
use std::time::Duration;

use postgres::{Client, Config, IsolationLevel, Statement, Transaction};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Access;
use super::pool::{Fate, Pool};
use crate::failure::{Failure, Kind};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

mod cell;
mod dialect;
mod tls;

use cell::Cell;
pub(crate) use dialect::{definition, placeholders};

const CONNECTIONS: usize = 8;
const STATEMENTS: usize = 512;

pub(crate) struct Postgres {
    config: Config,
    tls: MakeRustlsConnect,
    /// Host, port and name, without user and password.
    shown: String,
    pool: Pool<Session>,
}

/// A connection with the statements that it has prepared.
pub(crate) struct Session {
    /// Empty only while it is dropped.
    client: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl Drop for Session {
    /// The client stops a runtime of its own when dropped, which is forbidden on a thread that drives another one.
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = std::thread::Builder::new().spawn(move || drop(client));
        }
    }
}

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Self, Failure> {
        let (url, authorities) = tls::split_authorities(url);
        let mut config: Config = url.parse().map_err(|error: postgres::Error| {
            let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            Failure::other(format!(
                "cannot understand the address of the database: {cause}; write postgres://USER:PASSWORD@HOST/NAME"
            ))
        })?;
        config.application_name("rampart").keepalives_idle(Duration::from_secs(30));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        let shown = describe(&config);
        let tls = tls::connector(authorities.as_deref())?;
        Ok(Self { config, tls, shown, pool: Pool::new(CONNECTIONS) })
    }

    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    pub(crate) fn run<T>(
        &self,
        access: Access,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.pool.with(
            || self.connect(),
            |session| {
                let outcome = self.transact(session, access, work);
                let closed = session.client.as_ref().is_none_or(Client::is_closed);
                let lost = matches!(&outcome, Err(failure) if failure.kind == Kind::Gone);
                // One lost connection means a restart more often than not: the others are stale as well.
                (outcome, if closed || lost { Fate::DropAll } else { Fate::Keep })
            },
        )?
    }

    fn transact<T>(
        &self,
        session: &mut Session,
        access: Access,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Session { client, statements } = session;
        let client = client.as_mut().ok_or_else(|| Failure::other("a closed connection was used"))?;
        let builder = client.build_transaction();
        let begun = match access {
            Access::Read => builder.isolation_level(IsolationLevel::RepeatableRead).read_only(true).start(),
            Access::Write => builder.isolation_level(IsolationLevel::ReadCommitted).start(),
        };
        let transaction = begun.map_err(|error| self.failure(&error))?;
        let mut tx = Tx::postgres(transaction, statements, self);
        let outcome = work(&mut tx)?;
        tx.commit().map_err(|failure| match failure.kind {
            // It may have been stored or not: only the caller knows whether doing it again is harmless.
            Kind::Gone => Failure::new(Kind::Gone, failure.message()),
            _ => failure,
        })?;
        Ok(outcome)
    }

    fn connect(&self) -> Result<Session, Failure> {
        let mut client = self.config.connect(self.tls.clone()).map_err(|error| self.failure(&error))?;
        client
            .batch_execute("SET statement_timeout = '60s'; SET lock_timeout = '15s'; SET idle_in_transaction_session_timeout = '60s'; SET plan_cache_mode = force_custom_plan")
            .map_err(|error| self.failure(&error))?;
        Ok(Session { client: Some(client), statements: HashMap::new() })
    }

    pub(crate) fn failure(&self, error: &postgres::Error) -> Failure {
        let shown = &self.shown;
        let Some(code) = error.code() else {
            let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
            if error.to_string().contains("serializ") {
                return Failure::other(format!("a value does not fit its column: {cause}"));
            }
            return Failure::new(
                Kind::Gone,
                format!("the database `{shown}` does not answer: {cause}; check that it runs and can be reached"),
            )
            .retriable();
        };
        let said = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
        match code.code() {
            "40001" | "40P01" => {
                Failure::new(Kind::Busy, format!("the database `{shown}` is busy: {said}; try again")).retriable()
            }
            "53100" => {
                Failure::new(Kind::Full, format!("no room left for the database `{shown}`: free some on its disk"))
            }
            "57P01" | "57P02" | "57P03" | "57P05" => Failure::new(
                Kind::Gone,
                format!("the database `{shown}` is restarting: {said}; wait, or check that it comes up"),
            )
            .retriable(),
            "55P03" | "57014" | "53300" | "53200" | "53400" | "25P03" => {
                Failure::new(Kind::Busy, format!("the database `{shown}` is overloaded: {said}; try again"))
            }
            "25006" => Failure::new(
                Kind::Gone,
                format!("the database `{shown}` cannot be written: {said}; point `--database` at the primary"),
            ),
            "3D000" | "28000" | "28P01" => Failure::new(
                Kind::Gone,
                format!("the database `{shown}` refuses the connection: {said}; check name, user and password"),
            ),
            other if other.starts_with("23") => Failure::conflict(format!("the database refuses a row: {said}")),
            other if other.starts_with("XX") => {
                Failure::corrupt(format!("the database `{shown}` is damaged: {said}; restore it from a backup"))
            }
            other if other.starts_with("08") => {
                Failure::new(Kind::Gone, format!("the connection to the database `{shown}` broke: {said}; try again"))
                    .retriable()
            }
            _ => Failure::other(format!("the database `{shown}` fails: {said} ({})", code.code())),
        }
    }
}

fn describe(config: &Config) -> String {
    let host = config.get_hosts().first().map_or_else(String::new, |host| match host {
        postgres::config::Host::Tcp(name) => name.clone(),
        postgres::config::Host::Unix(path) => path.display().to_string(),
    });
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}/{}", config.get_dbname().unwrap_or("postgres"))
}

/// The statement as this connection knows it; preparing costs a round trip, so it is done once.
fn prepared(
    transaction: &mut Transaction<'_>,
    statements: &mut HashMap<String, Statement>,
    sql: &str,
) -> Result<Statement, postgres::Error> {
    if let Some(statement) = statements.get(sql) {
        return Ok(statement.clone());
    }
    if statements.len() >= STATEMENTS {
        statements.clear();
    }
    let statement = transaction.prepare(&placeholders(sql))?;
    statements.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

pub(crate) fn execute(
    transaction: &mut Transaction<'_>,
    statements: &mut HashMap<String, Statement>,
    database: &Postgres,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, Failure> {
    let mut run = || {
        let statement = prepared(transaction, statements, sql)?;
        transaction.execute(&statement, &parameters(values))
    };
    run().map_err(|error| database.failure(&error))
}

pub(crate) fn query<T>(
    transaction: &mut Transaction<'_>,
    statements: &mut HashMap<String, Statement>,
    database: &Postgres,
    sql: &str,
    values: &[Value<'_>],
    read: &mut dyn FnMut(&mut Row) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut run = || {
        let statement = prepared(transaction, statements, sql)?;
        transaction.query(&statement, &parameters(values))
    };
    let rows = run().map_err(|error| database.failure(&error))?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let cells =
            (0..row.len()).map(|column| row.try_get::<_, Cell>(column).map(|cell| cell.0)).collect::<Result<_, _>>();
        let cells = cells.map_err(|error| database.failure(&error))?;
        found.push(read(&mut Row::new(cells))?);
    }
    Ok(found)
}

fn parameters<'v>(values: &'v [Value<'_>]) -> Vec<&'v (dyn postgres::types::ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect()
}
