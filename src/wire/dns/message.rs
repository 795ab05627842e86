//! Whole messages: questions and the three lists of records.

use super::header::{self, Flags, Header};
use super::name::{self, Name};
use super::record::{self, Record};
use super::record_type::{Class, RecordType};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record as Recording};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name.
    pub name: Name,
    /// The type of the records that are wanted.
    pub kind: RecordType,
    /// Their class.
    pub class: Class,
    /// The answer may come by unicast (the QU bit of RFC 6762, section 5.4). In unicast DNS the bit belongs to the class.
    pub unicast_response: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message<'a> {
    /// What ties the response to the query; 0 in multicast DNS.
    pub id: u16,
    /// The flags.
    pub flags: Flags,
    /// The questions.
    pub questions: Vec<Question>,
    /// The answers.
    pub answers: Vec<Record<'a>>,
    /// Records of authorities; of a multicast probe, what its sender wants to call its own (RFC 6762, section 8.2).
    pub authorities: Vec<Record<'a>>,
    /// What may be of use too.
    pub additionals: Vec<Record<'a>>,
    /// Bytes behind the last record.
    pub trailing: &'a [u8],
    /// Why reading stopped before the end; what was read is in the lists.
    pub fault: Option<Error>,
}

impl<'a> Message<'a> {
    /// Reads a datagram, or one message of a TCP stream without the length before it.
    ///
    /// Memory follows the bytes that are there, not the counts of the header: a question takes five bytes at least, a record eleven.
    ///
    /// # Errors
    ///
    /// Where the header is not all there.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::silent(bytes, 0);
        let mut message = Self::default();
        read(&mut cursor, bytes, &mut message)?;
        message.fault = cursor.fault();
        Ok(message)
    }

    /// All records, in wire order.
    pub fn records(&self) -> impl Iterator<Item = &Record<'a>> {
        self.answers.iter().chain(&self.authorities).chain(&self.additionals)
    }
}

pub(super) fn read<'a, R: Recording>(
    cursor: &mut Cursor<'a, R>,
    bytes: &'a [u8],
    message: &mut Message<'a>,
) -> Result<(), Error> {
    let Header { id, flags, counts } = header::read(cursor)?;
    (message.id, message.flags) = (id, flags);
    let [questions, answers, authorities, additionals] = counts.map(|count| Some(usize::from(count)));
    let whole = cursor.list(&mut message.questions, questions, |cursor| {
        cursor.group("dns.qry", "question", |cursor| question(cursor, bytes))
    });
    let lists = [
        (answers, "answer", &mut message.answers),
        (authorities, "authority record", &mut message.authorities),
        (additionals, "additional record", &mut message.additionals),
    ];
    if whole {
        for (count, label, list) in lists {
            let whole = cursor
                .list(list, count, |cursor| cursor.group("dns.resp", label, |cursor| record::read(cursor, bytes)));
            if !whole {
                break;
            }
        }
    }
    message.trailing = cursor.rest();
    Ok(())
}

fn question<R: Recording>(cursor: &mut Cursor<'_, R>, bytes: &[u8]) -> Result<Question, Error> {
    let name = name::read(cursor, bytes, "dns.qry.name", "name")?;
    let kind = record_type(cursor, "dns.qry.type")?;
    let unicast_response = cursor.flag("dns.qry.qu", "unicast response wanted")?;
    let class = class(cursor, "dns.qry.class")?;
    Ok(Question { name, kind, class, unicast_response })
}

pub(super) fn record_type<R: Recording>(cursor: &mut Cursor<'_, R>, name: &'static str) -> Result<RecordType, Error> {
    let kind = RecordType(cursor.number(16, name, "type")?);
    cursor.may_mean(kind.name());
    Ok(kind)
}

pub(super) fn class<R: Recording>(cursor: &mut Cursor<'_, R>, name: &'static str) -> Result<Class, Error> {
    let class = Class(cursor.number(15, name, "class")?);
    cursor.may_mean(class.name());
    Ok(class)
}
