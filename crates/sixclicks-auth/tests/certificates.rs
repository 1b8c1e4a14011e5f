//! Mutual authentication against a server that demands the client's certificate.

use std::{fs, path::Path, process::Command, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sixclicks_auth::{
    ApiKey, CertificateError, ClientCertificate, ErrorKind, Session, SessionBuilder,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL takes certificates with their issuer's name for self-signed ones.
        let name = &mut params.distinguished_name;
        name.push(DnType::CommonName, "Authority");
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        (self.certify(name, &key), key)
    }

    fn certify(&self, name: &str, key: &KeyPair) -> rcgen::Certificate {
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.signed_by(key, &self.0).unwrap()
    }

    /// A server that demands a certificate of this authority, and hands out a token.
    async fn serve(&self) -> String {
        let (certificate, key) = self.issue("localhost");
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let body = r#"{"accessToken":"opaque"}"#;
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        format!("https://localhost:{port}")
    }

    fn builder(&self, host: &str) -> SessionBuilder {
        Session::builder(host)
            .api_key(ApiKey::from("key"))
            .no_proxy()
            .root_certificates(self.0.pem().as_bytes())
            .unwrap()
    }

    /// Has a token handed out for a certificate, whichever library does TLS.
    async fn admit(&self, host: &str, certificate: &ClientCertificate) {
        for (library, builder) in libraries(|| self.builder(host)) {
            let session = builder.client_certificate(certificate.clone()).build();
            let token = session.unwrap().token().await;
            assert!(token.is_ok(), "{library}: {token:?}");
        }
    }

    /// Comes to no connection without a certificate, whichever library does TLS.
    async fn fail(&self, host: &str) {
        for (library, builder) in libraries(|| self.builder(host)) {
            let error = builder.build().unwrap().token().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Tls, "{library}: {error}");
            assert!(
                error.to_string().contains("certificate"),
                "{library}: {error}"
            );
        }
    }
}

/// The same session by each library that does TLS.
fn libraries(builder: impl Fn() -> SessionBuilder) -> Vec<(&'static str, SessionBuilder)> {
    vec![
        ("rustls", builder()),
        #[cfg(feature = "native-tls")]
        ("the system's", builder().native_tls()),
    ]
}

/// Runs `openssl`; false, and a line that says so, where it is not installed.
fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let Ok(output) = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
    else {
        eprintln!("skipped: the openssl command is not installed");
        return false;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    true
}

#[tokio::test]
async fn a_server_that_demands_a_certificate_gets_the_one_from_pem() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let (certificate, key) = authority.issue("client");
    let pem = format!("{}{}", key.serialize_pem(), certificate.pem());
    let shown = ClientCertificate::from_pem(pem.as_bytes(), None).unwrap();
    assert_eq!(format!("{shown:?}"), "ClientCertificate(…)");
    authority.admit(&host, &shown).await;
    authority.fail(&host).await;
}

#[tokio::test]
async fn a_server_that_is_not_trusted_never_gets_the_key() {
    let host = Authority::new().serve().await;
    Authority::new().fail(&host).await;
}

/// What makes `openssl pkcs12` write AES-256 with SHA-256, as new Windows versions do.
const NEW: [&str; 6] = [
    "-keypbe",
    "AES-256-CBC",
    "-certpbe",
    "AES-256-CBC",
    "-macalg",
    "sha256",
];
/// What makes it write RC2 and 3DES, as old ones do.
const OLD: [&str; 1] = ["-legacy"];

#[tokio::test]
async fn a_pfx_is_read_in_old_and_new_encryption_with_its_chain() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let (certificate, key) = authority.issue("client");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("key.pem", key.serialize_pem());
    write("cert.pem", certificate.pem());
    write("chain.pem", authority.0.pem());
    for (encryption, password) in [
        (&OLD[..], "pass word"),
        (&OLD[..], ""),
        (&NEW[..], "pass word"),
        (&NEW[..], ""),
    ] {
        let pass = format!("pass:{password}");
        let own = "pkcs12 -export -inkey key.pem -in cert.pem -certfile chain.pem -out out.pfx";
        let mut arguments: Vec<&str> = own.split(' ').collect();
        arguments.extend(["-passout", &pass]);
        arguments.extend(encryption);
        if !openssl(folder.path(), &arguments) {
            return;
        }
        let pfx = fs::read(folder.path().join("out.pfx")).unwrap();
        let certificate = ClientCertificate::from_pfx(&pfx, password)
            .unwrap_or_else(|error| panic!("{encryption:?} {password:?}: {error}"));
        authority.admit(&host, &certificate).await;
        assert!(matches!(
            ClientCertificate::from_pfx(&pfx, "wrong"),
            Err(CertificateError::Pfx)
        ));
    }
}

#[test]
fn a_pfx_without_a_certificate_or_without_a_key_is_told() {
    let (certificate, key) = Authority::new().issue("client");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    fs::write(folder.path().join("cert.pem"), certificate.pem()).unwrap();
    let read = |own: &str| {
        let whole = format!("pkcs12 -export {own} -out out.pfx -passout pass:word");
        let arguments: Vec<&str> = whole.split(' ').collect();
        let made = openssl(folder.path(), &arguments);
        made.then(|| {
            let pfx = fs::read(folder.path().join("out.pfx")).unwrap();
            ClientCertificate::from_pfx(&pfx, "word").unwrap_err()
        })
    };
    let Some(error) = read("-nocerts -inkey key.pem") else {
        return;
    };
    assert!(matches!(error, CertificateError::NoCertificate), "{error}");
    let error = read("-nokeys -in cert.pem").unwrap();
    assert!(matches!(error, CertificateError::NoKey), "{error}");
}

/// The certificate of a key, both as PEM, and the same key in another form that `openssl`
/// makes of it; none where that is not installed.
fn converted(authority: &Authority, key: &KeyPair, conversion: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    let arguments: Vec<&str> = conversion.split(' ').collect();
    openssl(folder.path(), &arguments).then(|| {
        let key_text = fs::read_to_string(folder.path().join("out.pem")).unwrap();
        format!("{}{key_text}", authority.certify("client", key).pem())
    })
}

/// A key for RSA, which nothing but `openssl` makes here.
fn rsa() -> Option<KeyPair> {
    let folder = tempfile::tempdir().unwrap();
    let made = openssl(
        folder.path(),
        &["genpkey", "-algorithm", "RSA", "-out", "key.pem"],
    );
    made.then(|| {
        let text = fs::read_to_string(folder.path().join("key.pem")).unwrap();
        KeyPair::from_pem(&text).unwrap()
    })
}

#[tokio::test]
async fn every_form_of_key_in_pem_is_read() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let ecdsa = KeyPair::generate().unwrap();
    let Some(rsa) = rsa() else { return };
    for (key, conversion, begins) in [
        (
            &ecdsa,
            "ec -in key.pem -out out.pem",
            "BEGIN EC PRIVATE KEY",
        ),
        (
            &rsa,
            "rsa -traditional -in key.pem -out out.pem",
            "BEGIN RSA PRIVATE KEY",
        ),
        (
            &rsa,
            "pkcs8 -topk8 -nocrypt -in key.pem -out out.pem",
            "BEGIN PRIVATE KEY",
        ),
    ] {
        let pem = converted(&authority, key, conversion).unwrap();
        assert!(pem.contains(begins), "{pem}");
        let certificate = ClientCertificate::from_pem(pem.as_bytes(), None).unwrap();
        authority.admit(&host, &certificate).await;
    }
}

#[tokio::test]
async fn an_encrypted_key_is_opened_by_its_password_alone() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let Some(rsa) = rsa() else { return };
    for key in [KeyPair::generate().unwrap(), rsa] {
        for cipher in ["aes-256-cbc", "des3"] {
            let conversion =
                format!("pkcs8 -topk8 -v2 {cipher} -in key.pem -out out.pem -passout pass:secret");
            let pem = converted(&authority, &key, &conversion).unwrap();
            let read = |password| ClientCertificate::from_pem(pem.as_bytes(), password);
            authority.admit(&host, &read(Some("secret")).unwrap()).await;
            assert!(matches!(read(None), Err(CertificateError::PasswordMissing)));
            assert!(matches!(
                read(Some("wrong")),
                Err(CertificateError::Undecipherable)
            ));
        }
    }
}

/// The encryption of PKCS#12 in a PEM file, as old exports have it (F20).
#[tokio::test]
async fn a_key_encrypted_in_the_old_way_is_read_or_told_from_a_wrong_password() {
    let authority = Authority::new();
    let host = authority.serve().await;
    let Some(rsa) = rsa() else { return };
    for key in [KeyPair::generate().unwrap(), rsa] {
        let conversion = |algorithm: &str| {
            let options = format!("-v1 {algorithm} -provider legacy -provider default");
            format!("pkcs8 -topk8 {options} -in key.pem -out out.pem -passout pass:secret")
        };
        for algorithm in ["PBE-SHA1-3DES", "PBE-SHA1-RC2-40"] {
            let Some(pem) = converted(&authority, &key, &conversion(algorithm)) else {
                return;
            };
            let read = |password| ClientCertificate::from_pem(pem.as_bytes(), Some(password));
            authority.admit(&host, &read("secret").unwrap()).await;
            let error = read("wrong").unwrap_err();
            assert!(
                matches!(error, CertificateError::Undecipherable),
                "{algorithm}: {error}"
            );
        }
        let pem = converted(&authority, &key, &conversion("PBE-MD5-DES")).unwrap();
        let error = ClientCertificate::from_pem(pem.as_bytes(), Some("secret")).unwrap_err();
        assert!(
            matches!(error, CertificateError::OutdatedEncryption),
            "{error}"
        );
        assert!(!error.to_string().contains("password"), "{error}");
    }
}

#[test]
fn what_is_missing_or_broken_is_told() {
    let authority = Authority::new();
    let (certificate, key) = authority.issue("client");
    let (certificate, key) = (certificate.pem(), key.serialize_pem());
    let read = |text: &str| ClientCertificate::from_pem(text.as_bytes(), None).unwrap_err();
    assert!(matches!(read(&certificate), CertificateError::NoKey));
    assert!(matches!(read(&key), CertificateError::NoCertificate));
    let old = format!("{certificate}-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n");
    assert!(matches!(read(&old), CertificateError::OldPemEncryption));
    let half = format!("{certificate}{}", &key[..key.len() / 2]);
    assert!(matches!(read(&half), CertificateError::Pem));
    let half = format!("{certificate}-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIH");
    assert!(matches!(read(&half), CertificateError::Pem));
    assert!(matches!(
        ClientCertificate::from_pem(b"\xff", None),
        Err(CertificateError::Pem)
    ));
    assert!(matches!(
        ClientCertificate::from_pfx(b"nothing", ""),
        Err(CertificateError::Pfx)
    ));
}
