//! A server that misbehaves as told, on this machine.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the server does with one request.
pub enum Reply {
    /// Sends this and closes.
    Raw(Vec<u8>),
    /// Sends this over and over until the client has enough or 200 MB are sent.
    Flood(Vec<u8>),
    /// Sends the first once and then the second as `Flood` does.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends this one byte each 100 ms.
    Drip(Vec<u8>),
    /// Sends this after 200 ms.
    Late(Vec<u8>),
    /// Sends this and then nothing, without closing.
    Hold(Vec<u8>),
    /// Says nothing.
    Silence,
}

/// A whole answer.
pub fn reply(status: &str, headers: &[&str], body: &[u8]) -> Reply {
    let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Reply::Raw([head.as_bytes(), body].concat())
}

pub struct Server {
    pub address: String,
    requests: Arc<Mutex<Vec<(Instant, String)>>>,
    pub sent: Arc<Mutex<usize>>,
    /// Requests being answered, now and at most.
    pub open: Arc<Mutex<(usize, usize)>>,
}

impl Server {
    /// Answers the nth request (from 0) with what `answer` says of it.
    pub async fn start(answer: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", answer).await.unwrap()
    }

    /// The same at an address of this machine; none where it has no such address.
    pub async fn start_at(at: &str, answer: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Option<Self> {
        let listener = TcpListener::bind(at).await.ok()?;
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (requests, sent) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
        let open = Arc::new(Mutex::new((0, 0)));
        let (log, count, answer) = (Arc::clone(&requests), Arc::clone(&sent), Arc::new(answer));
        let gauge = Arc::clone(&open);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, count, answer) = (Arc::clone(&log), Arc::clone(&count), Arc::clone(&answer));
                let gauge = Arc::clone(&gauge);
                tokio::spawn(async move {
                    let request = read_head(&mut stream).await;
                    let number = {
                        let mut log = log.lock().unwrap();
                        log.push((Instant::now(), request.clone()));
                        log.len() - 1
                    };
                    {
                        let mut open = gauge.lock().unwrap();
                        *open = (open.0 + 1, open.1.max(open.0 + 1));
                    }
                    serve(&mut stream, answer(number, &request), &count).await;
                    gauge.lock().unwrap().0 -= 1;
                });
            }
        });
        Some(Self { address, requests, sent, open })
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|(_, request)| request.clone()).collect()
    }

    /// When its requests came.
    pub fn moments(&self) -> Vec<Instant> {
        self.requests.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    /// The port it listens at.
    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }
}

pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub async fn serve(stream: &mut (impl AsyncWrite + Unpin), reply: Reply, count: &Mutex<usize>) {
    match reply {
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Flood(bytes) => flood(stream, &bytes, count).await,
        Reply::Endless(first, bytes) => {
            let _ = stream.write_all(&first).await;
            flood(stream, &bytes, count).await;
        }
        Reply::Drip(bytes) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Reply::Late(bytes) => {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let _ = stream.write_all(&bytes).await;
        }
        Reply::Hold(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Reply::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
    }
}

async fn flood(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8], count: &Mutex<usize>) {
    while *count.lock().unwrap() < 200_000_000 && stream.write_all(bytes).await.is_ok() {
        *count.lock().unwrap() += bytes.len();
    }
}
