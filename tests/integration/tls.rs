//! TLS and proxies: which certificates are trusted, and what a proxy can see.

use std::io::{Read, Write as _, copy};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::stub::{Stub, default_reply};
use crate::support::{KEY, Project};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/");
const BODY: &str = "{\"assessments\":[],\"total\":0}";
const SCRIPT: &str = "print(list_assessments().len());";

/// A server that records what it receives. Its threads end with the test process.
struct Server {
    address: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server. `serve` handles one connection: it records the head of the request before it replies, and returns `None` if
    /// the other side disconnects first.
    fn start(
        serve: impl Fn(TcpStream, &dyn Fn(&str)) -> Option<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let received = Arc::<Mutex<Vec<String>>>::default();
        let record = Arc::clone(&received);
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (serve, record) = (Arc::clone(&serve), Arc::clone(&record));
                thread::spawn(move || {
                    serve(stream, &|head| record.lock().unwrap().push(head.to_owned()))
                });
            }
        });
        Self { address, received }
    }

    /// A server with a certificate for `gradient.test` and 127.0.0.1 from a private authority.
    fn encrypted() -> Self {
        let certificate = CertificateDer::from_pem_file(format!("{DATA}server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{DATA}server-key.pem")).unwrap();
        let provider = rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        Self::start(move |stream, record| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            record(&read_head(&mut stream)?);
            let length = BODY.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{BODY}"
            );
            stream.conn.send_close_notify();
            stream.flush().ok()
        })
    }

    /// A proxy that connects every tunnel to `target`.
    fn proxy(target: &str) -> Self {
        let target = target.to_owned();
        Self::start(move |mut stream, record| {
            record(&read_head(&mut stream)?);
            let mut upstream = TcpStream::connect(&target).unwrap();
            write!(stream, "HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let (mut from, mut to) = (stream.try_clone().unwrap(), upstream.try_clone().unwrap());
            thread::spawn(move || copy(&mut from, &mut to));
            thread::spawn(move || copy(&mut upstream, &mut stream));
            Some(())
        })
    }

    fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

/// Reads up to the empty line; `None` if the other side disconnects first.
fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8(head).unwrap())
}

fn project() -> Project {
    Project::new().env("GRADIENT_API_KEY", KEY)
}

fn authority_file() -> String {
    format!("{DATA}authority.pem")
}

#[test]
fn a_private_authority_is_trusted_if_its_file_is_given() {
    let server = Server::encrypted();
    let url = format!("https://{}", server.address);
    let configuration = format!("ca_file = {:?}\n", authority_file());
    let configured = project().file("../home/config.toml", configuration);
    configured
        .rhai(&["--api-url", &url], SCRIPT)
        .succeeds()
        .prints("0\n");
    project()
        .rhai(&["--api-url", &url, "--ca-file", &authority_file()], SCRIPT)
        .succeeds()
        .prints("0\n");
    let sent = format!("authorization: Bearer {KEY}");
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(
        received.iter().all(|head| head.contains(&sent)),
        "{received:?}"
    );
}

#[test]
fn a_server_with_an_untrusted_certificate_gets_no_key() {
    let server = Server::encrypted();
    let url = format!("https://{}", server.address);
    project()
        .rhai(&["--api-url", &url, "--max-retries", "0"], SCRIPT)
        .exits(1)
        .says("certificate")
        .says("--ca-file");
    assert_eq!(server.received(), [""; 0]);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let server = Server::encrypted();
    let url = format!(
        "https://{}",
        server.address.replace("127.0.0.1", "localhost")
    );
    project()
        .rhai(
            &[
                "--api-url",
                &url,
                "--ca-file",
                &authority_file(),
                "--max-retries",
                "0",
            ],
            SCRIPT,
        )
        .exits(1)
        .says("certificate");
    assert_eq!(server.received(), [""; 0]);
}

#[test]
fn a_proxy_from_the_environment_is_used_and_sees_no_key() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let server = Server::encrypted();
        let proxy = Server::proxy(&server.address);
        project()
            .env(variable, &format!("http://{}", proxy.address))
            .rhai(
                &[
                    "--api-url",
                    "https://gradient.test",
                    "--ca-file",
                    &authority_file(),
                ],
                SCRIPT,
            )
            .succeeds()
            .prints("0\n");
        let requested = proxy.received().concat();
        assert!(
            requested.starts_with("CONNECT gradient.test:443 "),
            "{variable}: {requested}"
        );
        assert!(!requested.contains("MARKED"), "{requested}");
        assert!(server.received()[0].contains(KEY));
    }
}

#[test]
fn a_file_without_certificates_is_refused_before_anything_is_sent() {
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (content, reason) in [
        ("", "no PEM certificate found"),
        (damaged, "bad certificate"),
    ] {
        project()
            .file("ca.pem", content)
            .rhai(&["--ca-file", "ca.pem"], SCRIPT)
            .exits(2)
            .says("cannot use the certificates in `ca.pem`")
            .says(reason);
    }
    project()
        .rhai(&["--ca-file", "nowhere.pem"], SCRIPT)
        .exits(2)
        .says("cannot read the certificates `nowhere.pem`");
}

#[test]
fn a_proxy_from_the_environment_is_not_used_for_this_machine() {
    let stub = Stub::start(default_reply);
    let project = [
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTPS_PROXY",
    ]
    .into_iter()
    .fold(Project::new(), |project, name| {
        project.env(name, "http://127.0.0.1:9")
    })
    .talking_to(&stub);
    project.rhai(&[], "list_sessions();").succeeds();
    project.rehearse("list_sessions();").succeeds();
}

/// Nothing listens at these addresses, which represent a service within the company.
#[test]
fn no_proxy_excludes_hosts() {
    for (variable, excluded, host, is_proxied) in [
        ("NO_PROXY", "192.0.2.1", "192.0.2.1", false),
        ("no_proxy", "example.com, 192.0.2.0/24", "192.0.2.1", false),
        ("NO_PROXY", ".invalid", "gradient.invalid", false),
        ("NO_PROXY", "*", "gradient.invalid", false),
        ("NO_PROXY", "example.com,192.0.2.2", "192.0.2.1", true),
    ] {
        let server = Server::encrypted();
        let proxy = Server::proxy(&server.address);
        let timeout = if is_proxied { "30" } else { "0.2" };
        project()
            .env("HTTPS_PROXY", &format!("http://{}", proxy.address))
            .env(variable, excluded)
            .rhai(
                &[
                    "--api-url",
                    &format!("https://{host}"),
                    "--timeout",
                    timeout,
                    "--max-retries",
                    "0",
                ],
                SCRIPT,
            )
            .exits(1);
        let requested = proxy.received().concat();
        assert_eq!(
            requested.starts_with(&format!("CONNECT {host}:443 ")),
            is_proxied,
            "{variable}={excluded}: {requested}"
        );
    }
}
