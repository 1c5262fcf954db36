//! Lists of pages: the responses of a server, separated by lines of `==`. The first byte says whether a page is found by its
//! offset, and how many requests are made at once. Reading must end, without duplicates, and no error may contain the key.
#![no_main]

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use gradient_bulk::internals::api::{ApiKey, BaseUrl, Client, Config, RequestLimits, SessionFilter};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

const KEY: &str = "gai_k";
/// The most requests for a list of a few pages: three readings, each with requests that turn out to be too many.
const MAX_REQUESTS: usize = 2_000;

static PAGES: Mutex<Pages> = Mutex::new(Pages {
    bodies: Vec::new(),
    by_offset: false,
    size: 1,
});
static REQUESTS: AtomicUsize = AtomicUsize::new(0);

static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

/// What the server answers.
struct Pages {
    bodies: Vec<Vec<u8>>,
    by_offset: bool,
    /// The number of entries on a page, to find it by its offset.
    size: usize,
}

struct Server {
    runtime: Runtime,
    url: String,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                thread::spawn(move || serve(connection));
            }
        });
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        Self { runtime, url }
    }

    fn client(&self, concurrency: u16) -> Client {
        Client::new(Config {
            base_url: BaseUrl::parse(&self.url).expect("an address"),
            ca_certificates: None,
            key: Some(ApiKey::parse(KEY).expect("a key")),
            limits: RequestLimits {
                timeout: Duration::from_secs(5),
                concurrency: concurrency.into(),
                rate: None,
                max_retries: 0,
            },
        })
    }
}

fn serve(connection: TcpStream) {
    let _ = connection.set_nodelay(true);
    let mut lines = BufReader::new(&connection).lines();
    while let Some(Ok(request)) = lines.next() {
        while let Some(Ok(line)) = lines.next() {
            if line.is_empty() {
                break;
            }
        }
        let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
        let offset = request
            .split(['&', '?', ' '])
            .find_map(|word| word.strip_prefix("offset="));
        let body = {
            let pages = PAGES.lock().expect("the pages");
            let at = match offset.and_then(|offset| offset.parse::<usize>().ok()) {
                Some(offset) if pages.by_offset => offset / pages.size,
                _ => number,
            };
            // The last one is repeated for ever.
            pages
                .bodies
                .get(at)
                .or(pages.bodies.last())
                .cloned()
                .unwrap_or_default()
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if (&connection)
            .write_all(&[head.as_bytes(), &body].concat())
            .is_err()
        {
            return;
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let [options, bodies @ ..] = data else {
        return;
    };
    let text = String::from_utf8_lossy(bodies);
    let bodies: Vec<Vec<u8>> = text
        .split("\n==\n")
        .take(20)
        .map(|body| body.as_bytes().to_vec())
        .collect();
    *PAGES.lock().expect("the pages") = Pages {
        bodies,
        by_offset: options & 1 == 1,
        size: usize::from(options >> 4) + 1,
    };
    REQUESTS.store(0, Ordering::Relaxed);
    let server = &*SERVER;
    let client = server.client(if options & 2 == 2 { 4 } else { 1 });
    let listed = server
        .runtime
        .block_on(client.sessions(&SessionFilter::default()));
    let requests = REQUESTS.load(Ordering::Relaxed);
    assert!(requests <= MAX_REQUESTS, "{requests} requests");
    match listed {
        Ok(sessions) => {
            let ids = sessions
                .iter()
                .map(|session| session.id.as_str())
                .filter(|id| !id.is_empty());
            let ids: Vec<&str> = ids.collect();
            let unique: HashSet<&str> = ids.iter().copied().collect();
            assert_eq!(unique.len(), ids.len(), "no session is listed twice");
        }
        Err(error) => {
            let shown = format!("{error} {error:?} {:?}", error.hint());
            assert!(!shown.contains(KEY), "{shown}");
            assert!(shown.len() < 20_000);
        }
    }
});
