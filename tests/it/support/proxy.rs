//! A proxy before a MariaDB that knows enough of its packets to answer one command with an error, or to cut the
//! connection at it.
//!
//! A packet is three bytes of length, one of sequence (0 where a command begins), and what it carries.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

const QUERY: u8 = 3;
const PREPARE: u8 = 22;
const EXECUTE: u8 = 23;

/// What becomes of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server does not see it; the answer is an error with this number, state and text.
    Error(u16, &'static str, &'static str),
    /// The same, after the server has undone the transaction, as it does with its own errors of this kind.
    Undone(u16, &'static str, &'static str),
    /// The connection ends before the server sees it…
    CutBefore,
    /// …or once the server has done it, before anybody hears of it…
    CutAfter,
    /// …or once it was answered, so that the next command meets a connection that is gone.
    CutIdle,
}

/// Which command of a transaction is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// `BEGIN` is 0; `COMMIT` is not counted.
    Statement(usize),
    Commit,
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    at: At,
    fault: Fault,
    /// Only in a connection that has prepared a statement in which this stands.
    of: &'static str,
}

/// What strikes next, once.
type Next = Arc<Mutex<Option<Plan>>>;

/// The proxy. It ends with the test.
pub struct Proxy {
    port: u16,
    next: Next,
    open: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Before a server, as `mysql://user:password@host:port`.
    pub fn before(server: &str) -> Self {
        let (_, address) = server.rsplit_once('@').unwrap();
        let (address, next, open) = (
            address.to_owned(),
            Next::default(),
            Arc::new(AtomicBool::new(true)),
        );
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let listening = std::thread::spawn({
            let (next, open) = (next.clone(), open.clone());
            move || {
                for client in listener.incoming() {
                    if !open.load(Ordering::SeqCst) {
                        break;
                    }
                    let (client, server) = (client.unwrap(), TcpStream::connect(&address));
                    if let Ok(server) = server {
                        serve(client, server, next.clone());
                    }
                }
            }
        });
        Self {
            port,
            next,
            open,
            listening: Some(listening),
        }
    }

    /// The server's URL, through the proxy.
    pub fn through(&self, server: &str) -> String {
        let (user, _) = server.rsplit_once('@').unwrap();
        format!("{user}@127.0.0.1:{}", self.port)
    }

    /// Strikes once, at the next such command.
    pub fn strike(&self, at: At, fault: Fault, of: &'static str) {
        *self.next.lock().unwrap() = Some(Plan { at, fault, of });
    }

    /// Whether it has struck; it does not any more.
    pub fn has_struck(&self) -> bool {
        self.next.lock().unwrap().take().is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.open.store(false, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

fn packet(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut packet = vec![0; 4];
    from.read_exact(&mut packet).ok()?;
    let length = usize::from(packet[0]) | usize::from(packet[1]) << 8 | usize::from(packet[2]) << 16;
    packet.resize(4 + length, 0);
    from.read_exact(&mut packet[4..]).ok()?;
    Some(packet)
}

fn framed(sequence: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [&length[..3], &[sequence], content].concat()
}

/// What the client's side asks of the server's.
enum Reply {
    /// The next packet is not for the client; say when it came.
    Swallow,
    /// The same, and the connection ends.
    SwallowAndCut,
}

fn serve(client: TcpStream, server: TcpStream, next: Next) {
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (ask, asked) = mpsc::channel();
    let (swallowed, has_swallowed) = mpsc::channel();
    let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || {
        while let Some(packet) = packet(&mut from) {
            match asked.try_recv() {
                Ok(Reply::Swallow) => {
                    if swallowed.send(()).is_err() {
                        break;
                    }
                    continue;
                }
                Ok(Reply::SwallowAndCut) => break,
                Err(_) => {
                    if to.write_all(&packet).is_err() {
                        break;
                    }
                }
            }
        }
        cut(&from, &to);
    });
    std::thread::spawn(move || {
        let (mut client, mut server) = (client, server);
        let mut connection = Connection::default();
        while let Some(packet) = packet(&mut client) {
            // The client library says other things between two commands.
            if connection.ends && is_command(&packet) {
                break;
            }
            match connection.strikes(&packet, &next) {
                None => {
                    if server.write_all(&packet).is_err() {
                        break;
                    }
                }
                Some(Fault::Error(number, state, text)) => {
                    let _ = client.write_all(&error(number, state, text));
                }
                Some(Fault::Undone(number, state, text)) => {
                    let _ = ask.send(Reply::Swallow);
                    let undo = [&[QUERY], b"ROLLBACK".as_slice()].concat();
                    let _ = server.write_all(&framed(0, &undo));
                    let _ = has_swallowed.recv();
                    let _ = client.write_all(&error(number, state, text));
                }
                Some(Fault::CutBefore) => break,
                Some(Fault::CutAfter) => {
                    let _ = ask.send(Reply::SwallowAndCut);
                    let _ = server.write_all(&packet);
                    // The other side cuts; what comes until then is of nobody.
                }
                Some(Fault::CutIdle) => {
                    connection.ends = true;
                    let _ = server.write_all(&packet);
                }
            }
        }
        cut(&client, &server);
    });
}

fn cut(one: &TcpStream, other: &TcpStream) {
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

fn error(number: u16, state: &str, text: &str) -> Vec<u8> {
    let content = [
        &[0xff],
        &number.to_le_bytes()[..],
        b"#",
        state.as_bytes(),
        text.as_bytes(),
    ]
    .concat();
    framed(1, &content)
}

/// What is known of a connection.
#[derive(Default)]
struct Connection {
    /// Statements since `BEGIN`, while a transaction runs.
    statements: Option<usize>,
    prepared: Vec<String>,
    /// It ends with the next command.
    ends: bool,
}

fn is_command(packet: &[u8]) -> bool {
    packet[3] == 0 && matches!(packet.get(4), Some(&(QUERY | PREPARE | EXECUTE)))
}

impl Connection {
    fn strikes(&mut self, packet: &[u8], next: &Next) -> Option<Fault> {
        if !is_command(packet) {
            return None;
        }
        let (&command, text) = packet.get(4..)?.split_first()?;
        let text = if command == EXECUTE { &[] } else { text };
        let at = match text {
            b"BEGIN" => {
                self.statements = Some(0);
                At::Statement(0)
            }
            b"COMMIT" => {
                self.statements = None;
                At::Commit
            }
            b"ROLLBACK" => {
                self.statements = None;
                return None;
            }
            _ => {
                if command == PREPARE {
                    self.prepared.push(String::from_utf8_lossy(text).into_owned());
                }
                let statements = self.statements.as_mut()?;
                *statements += 1;
                At::Statement(*statements)
            }
        };
        let mut next = next.lock().unwrap();
        let plan = (*next)?;
        let meant = plan.at == at && self.prepared.iter().any(|text| text.contains(plan.of));
        if meant {
            *next = None;
        }
        meant.then_some(plan.fault)
    }
}
