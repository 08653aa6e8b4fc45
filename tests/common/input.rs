//! What tests of bad and vanishing input share: a server that answers as told, small calendars, and what a run told.

use super::{POSTS, Told, post};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the server answers, changed by the test as it goes.
#[derive(Clone)]
pub enum Answer {
    Text(&'static str, String),
    /// Status and header fields, without content.
    Head(&'static str),
    /// So many bytes.
    Flood(usize),
    Silence,
}

/// A server on this machine.
pub struct Server {
    _runtime: tokio::runtime::Runtime,
    address: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<usize>>,
}

impl Server {
    pub fn start(answer: Answer) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(answer));
        let said = Arc::clone(&answer);
        let asked = Arc::new(Mutex::new(0));
        let count = Arc::clone(&asked);
        runtime.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = said.lock().unwrap().clone();
                *count.lock().unwrap() += 1;
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let head = |kind: &str, length: usize| {
                        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
                    };
                    match answer {
                        Answer::Text(_, text) if request.contains(&etag(&text)) => {
                            let _ = stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n").await;
                        }
                        Answer::Text(kind, text) => {
                            let kind = format!("{kind}\r\nETag: {}", etag(&text));
                            let _ = stream.write_all((head(&kind, text.len()) + &text).as_bytes()).await;
                        }
                        Answer::Head(head) => {
                            let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                            let _ = stream.write_all(answer.as_bytes()).await;
                        }
                        Answer::Flood(length) => {
                            let _ = stream.write_all(head("text/calendar", length).as_bytes()).await;
                            let part = vec![b'x'; 1 << 20];
                            for _ in 0..length >> 20 {
                                if stream.write_all(&part).await.is_err() {
                                    return;
                                }
                            }
                        }
                        Answer::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { _runtime: runtime, address, answer, asked }
    }

    pub fn now_answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    /// The source alone, with credentials in its address.
    pub fn web(&self, file: &str) -> String {
        let address = self.address.replace("http://", "http://reader:hunter2@");
        format!(
            "[[source]]\nid = \"web\"\ntitle = 'The \"town\"'\nfrom.http = {{ url = \"{address}/{file}\", timeout = 2, allow_private = true }}\n"
        )
    }

    pub fn source(&self, file: &str) -> String {
        format!(
            "{POSTS}\n[[source]]\nid = \"web\"\nfrom.http = {{ url = \"{}/{file}\", timeout = 2, allow_private = true }}\n",
            self.address
        )
    }
}

/// Texts of these tests differ in length.
pub fn etag(text: &str) -> String {
    format!("\"of-{}\"", text.len())
}

/// The moment of the nth run, an hour after the one before.
pub fn hour(n: u32) -> String {
    format!("2026-12-01T{n:02}:00:00Z")
}

pub fn picnic() -> String {
    post("Picnic", "2026-11-05T10:00:00Z", "startDate: 2027-02-01", "Bring gloves.")
}

pub fn vevent(uid: &str, title: &str, start: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}@town.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART{start}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
    )
}

pub fn calendar(events: &[String]) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//town//EN\r\n{}END:VCALENDAR\r\n", events.concat())
}

pub fn evenings(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| vevent(&format!("evening-{n}"), &format!("Evening {n}"), &format!(";VALUE=DATE:202702{:02}", n + 1)))
        .collect()
}

pub const FEED: &str = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Town news</title><link>https://town.example/</link><description>News</description>\n\
<item><title>Bridge reopened</title><link>https://town.example/bridge</link><guid>https://town.example/bridge</guid><pubDate>Thu, 05 Nov 2026 10:00:00 GMT</pubDate><description>At last.</description></item>\n\
<item><title>Weir painted</title><link>https://town.example/weir</link><guid>https://town.example/weir</guid><pubDate>Fri, 06 Nov 2026 10:00:00 GMT</pubDate><description>Green again.</description></item>\n\
</channel></rss>\n";

/// The problems that a run told, each with its hint.
pub fn problems(told: &Told) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in told.err.lines() {
        match found.last_mut().filter(|_| line.starts_with(' ')) {
            Some(problem) => problem.push_str(line),
            None => found.push(line.to_owned()),
        }
    }
    found
}

/// The one problem that a run told; it needs a person.
pub fn only_problem(told: &Told, places: &[&str]) -> String {
    let found = problems(told);
    assert_eq!((told.code, found.len()), (Some(3), 1), "{told:?}");
    for place in places {
        assert!(found[0].contains(place), "`{place}` is not named in: {}", found[0]);
    }
    found[0].clone()
}
