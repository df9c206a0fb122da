//! Statements whose conditions are known only when they are asked, in the SQL that every engine takes.

/// A statement, and the values that it asks for, in their order.
pub(in crate::store) struct Statement {
    /// It names the values `$1`, `$2`, …
    pub(in crate::store) sql: String,
    /// They are as many.
    pub(in crate::store) values: Vec<Value>,
}

/// What a statement asks for.
pub(in crate::store) enum Value {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Statement {
    /// One more condition, which asks for one value.
    pub(in crate::store) fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let name = self.name(value);
        self.sql.push_str(" and ");
        self.sql.push_str(&condition.replace('?', &name));
    }

    /// The name of one more value. SQLite counts such names in the order in which they first come, PostgreSQL reads the
    /// number: they are said in order, so that both mean the same.
    pub(in crate::store) fn name(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
