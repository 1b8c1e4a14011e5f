//! Documents are found behind every form of Swagger UI page, and behind URLs of their own.

use super::support::{DOCUMENT, Server, answer, ok, redirect};
use xtask::read::{Document, Origin, ReadError, ReadOptions, read};

fn documents(url: &str) -> Vec<Document> {
    read(url, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn error(url: &str) -> ReadError {
    read(url, &ReadOptions::default()).unwrap_err()
}

/// Names and paths of the documents that the page at `path` leads to, on a server that has the
/// documents of the given paths.
fn found(page: &str, path: &str, has: &[&str]) -> Vec<(String, String)> {
    found_with(&[(path.split('?').next().unwrap(), page)], path, has)
}

fn found_with(files: &[(&str, &str)], path: &str, has: &[&str]) -> Vec<(String, String)> {
    let files = files
        .iter()
        .map(|(path, body)| ((*path).to_owned(), ok(body)));
    let server =
        Server::new(files.chain(has.iter().map(|path| ((*path).to_owned(), ok(DOCUMENT)))));
    let found = documents(&server.at(path)).into_iter().map(|document| {
        let Origin::Url(url) = document.origin else {
            panic!("not a URL")
        };
        (
            document.name,
            url.strip_prefix(&server.url).unwrap().to_owned(),
        )
    });
    found.collect()
}

fn pair(name: &str, path: &str) -> (String, String) {
    (name.to_owned(), path.to_owned())
}

#[test]
fn a_document_has_the_name_that_tells_it_from_others() {
    for (path, name) in [
        ("/auth-api/swagger/v1/swagger.json", "auth-api-v1"),
        ("/swagger/My%20API/swagger.json", "My API"),
        ("/openapi.yaml", "127.0.0.1"),
    ] {
        let server = Server::new([(path, ok(DOCUMENT))]);
        assert_eq!(documents(&server.at(path))[0].name, name);
    }
}

#[test]
fn swashbuckle_page_with_its_configuration_inline() {
    let page = r#"<!DOCTYPE html><html><head><title>Swagger UI</title></head><body>
        <script>window.onload = function () {
          var configObject = JSON.parse('{"urls":[{"url":"/swagger/v1/swagger.json","name":"It\u0027s V1"},{"url":"v2/swagger.json","name":"V2"}],"deepLinking":false}');
          var oauthConfigObject = JSON.parse('{"scopeSeparator":" "}');
          configObject.dom_id = "\#swagger-ui";
          const ui = SwaggerUIBundle(configObject);
        }</script></body></html>"#;
    assert_eq!(
        found(
            page,
            "/swagger/index.html",
            &["/swagger/v1/swagger.json", "/swagger/v2/swagger.json"]
        ),
        [
            pair("It's V1", "/swagger/v1/swagger.json"),
            pair("V2", "/swagger/v2/swagger.json")
        ]
    );
}

#[test]
fn swashbuckle_script_with_an_escaped_string() {
    let index = r#"<html><head><base href="/docs/"></head><script src="./swagger-ui-bundle.js"></script>
        <script src="index.js"></script></html>"#;
    let script = r"window.onload = function () {
        var configObject = JSON.parse('{\u0022urls\u0022:[{\u0022url\u0022:\u0022v1/swagger.json\u0022,\u0022name\u0022:\u0022API \u0026 more\u0022}]}');
        const ui = SwaggerUIBundle(configObject); }";
    let files = [("/swagger/index.html", index), ("/docs/index.js", script)];
    assert_eq!(
        found_with(&files, "/swagger/index.html", &["/docs/v1/swagger.json"]),
        [pair("API & more", "/docs/v1/swagger.json")]
    );
}

#[test]
fn swashbuckle_script_with_an_object_literal() {
    let index = r"<html><script src='index.js'></script></html>";
    let script = r#"function parseFunction(str) { return str.indexOf('{'); }
        window.onload = function () {
        var configObject = {"urls":[{"url":"v1/swagger.json","name":"V1"}],"validatorUrl":null};
        configObject.urls.forEach(function (item) {
            if (item.url.startsWith("http") || item.url.startsWith("/")) return;
            item.url = window.location.href.replace("index.html", item.url).split('#')[0];
        });
        const ui = SwaggerUIBundle(configObject); }"#;
    let files = [
        ("/swagger/index.html", index),
        ("/swagger/index.js", script),
    ];
    assert_eq!(
        found_with(&files, "/swagger/index.html", &["/swagger/v1/swagger.json"]),
        [pair("V1", "/swagger/v1/swagger.json")]
    );
}

#[test]
fn swagger_initializer_with_url_or_urls() {
    let index = r#"<!-- page --><!DOCTYPE html><html><body>
        <script src="./swagger-ui-bundle.js" charset="UTF-8"> </script>
        <script src="./swagger-initializer.js" charset="UTF-8"> </script></body></html>"#;
    let one = "window.onload = function() {
        // url: 'not-this.json',
        window.ui = SwaggerUIBundle({ url: \"../api/openapi.json\", dom_id: '#swagger-ui', presets: [SwaggerUIBundle.presets.apis,], }); };";
    let files = [("/ui/", index), ("/ui/swagger-initializer.js", one)];
    assert_eq!(
        found_with(&files, "/ui/", &["/api/openapi.json"]),
        [pair("127.0.0.1", "/api/openapi.json")]
    );
    let many = "window.ui = SwaggerUIBundle({ urls: [{url: '/a.json', name: 'A'}, {url: '/b.json', name: 'B'},], });";
    let files = [("/ui/", index), ("/ui/swagger-initializer.js", many)];
    assert_eq!(
        found_with(&files, "/ui/", &["/a.json", "/b.json"]),
        [pair("A", "/a.json"), pair("B", "/b.json")]
    );
}

#[test]
fn a_configuration_url_wins_over_the_example_url() {
    let index = r#"<html><script src="swagger-initializer.js"></script></html>"#;
    let script = r#"SwaggerUIBundle({ url: "https://petstore.example/swagger.json", configUrl: "/v3/api-docs/swagger-config" })"#;
    let config =
        r#"{"urls": [{"url": "/v3/api-docs/admin", "name": "admin"}], "oauth2RedirectUrl": "x"}"#;
    let files = [
        ("/ui/index.html", index),
        ("/ui/swagger-initializer.js", script),
        ("/v3/api-docs/swagger-config", config),
    ];
    let expected = [pair("admin", "/v3/api-docs/admin")];
    assert_eq!(
        found_with(&files, "/ui/index.html", &["/v3/api-docs/admin"]),
        expected
    );
    // The configuration itself is as good a source.
    assert_eq!(
        found_with(
            &files,
            "/v3/api-docs/swagger-config",
            &["/v3/api-docs/admin"]
        ),
        expected
    );
}

#[test]
fn nswag_page() {
    let page = r##"<!DOCTYPE html><html><body><script>
        window.onload = function() {
          var url = window.location.search.match(/url=([^&]+)/);
          if (url && url.length > 1) { url = decodeURIComponent(url[1]); } else { url = undefined; }
          var urls = [{"url":"/swagger/v1/swagger.json","name":"v1"},{"url":"/swagger/v2/swagger.json","name":"v2"}];
          var ui = SwaggerUIBundle({ url: url, urls: urls, validatorUrl: null, dom_id: '#swagger-ui', plugins: [ function () { return {} } ] });
        }</script></body></html>"##;
    let has = ["/swagger/v1/swagger.json", "/swagger/v2/swagger.json"];
    assert_eq!(
        found(page, "/swagger/index.html", &has),
        [pair("v1", has[0]), pair("v2", has[1])]
    );
    // NSwag's redirect names the document in the page's own address.
    assert_eq!(
        found(
            page,
            "/swagger/index.html?url=%2Fswagger%2Fv2%2Fswagger.json",
            &has
        ),
        [pair("v2", has[1])]
    );
    assert_eq!(
        found(page, "/swagger/index.html?urls.primaryName=v2", &has),
        [pair("v2", has[1])]
    );
}

#[test]
fn swashbuckle_page_of_the_dotnet_framework() {
    let page = r#"<html><script type="text/javascript">
        $(function () {
          function arrayFrom(configString) { return (configString !== "") ? configString.split('|') : []; }
          window.swashbuckleConfig = {
            rootUrl: 'ROOT', discoveryPaths: arrayFrom('swagger/docs/v1|swagger/docs/v2'),
            booleanValues: arrayFrom('true|false'), validatorUrl: stringOrNullFrom('null'),
            oAuth2Enabled: ('false' === 'true'), oAuth2AdditionalQueryStringParams: JSON.parse('{}') };
          window.swaggerUi = new SwaggerUi({ url: swashbuckleConfig.rootUrl + "/" + swashbuckleConfig.discoveryPaths[0], dom_id: "swagger-ui-container" });
        });</script></html>"#;
    let page = page.replace("ROOT", "/app");
    let has = ["/app/swagger/docs/v1", "/app/swagger/docs/v2"];
    assert_eq!(
        found(&page, "/app/swagger/ui/index", &has),
        [pair("app-v1", has[0]), pair("app-v2", has[1])]
    );
}

#[test]
fn pages_of_other_viewers_name_their_document_in_an_attribute() {
    let pages = [
        "<html><redoc spec-url='/a/v1.json'></redoc></html>",
        r#"<html><rapi-doc spec-url="/a/v1.json"></rapi-doc></html>"#,
        r#"<html><script id="api-reference" data-url="/a/v1.json"></script></html>"#,
    ];
    for page in pages {
        assert_eq!(
            found(page, "/docs", &["/a/v1.json"]),
            [pair("a-v1", "/a/v1.json")]
        );
    }
}

#[test]
fn redirects_lead_to_the_page_and_addresses_are_relative_to_its_end() {
    let page = "<html><script>SwaggerUIBundle({url: 'v1.json'})</script></html>";
    let server = Server::new([
        ("/docs", redirect("/swagger/ui/index.html")),
        ("/swagger/ui/index.html", ok(page)),
        ("/swagger/ui/v1.json", ok(DOCUMENT)),
    ]);
    assert_eq!(
        documents(&server.at("/docs"))[0].origin,
        Origin::Url(server.at("/swagger/ui/v1.json"))
    );
}

#[test]
fn headers_go_to_the_sources_own_host_only() {
    let other = Server::new([("/v1.json", ok(DOCUMENT))]);
    let page = format!(
        "<html><script>SwaggerUIBundle({{url: '{}'}})</script></html>",
        other.at("/v1.json")
    );
    let server = Server::new([
        ("/ui", ok(&page)),
        ("/moved", redirect(&other.at("/v1.json"))),
    ]);
    let mut options = ReadOptions::default();
    options
        .headers
        .push("Authorization: Bearer hush".parse().unwrap());
    for path in ["/ui", "/moved"] {
        read(&server.at(path), &options).unwrap();
    }
    assert_eq!(
        server
            .requests()
            .iter()
            .filter(|request| request.contains("Bearer hush"))
            .count(),
        2
    );
    assert_eq!(other.requests().len(), 2);
    assert!(
        !other
            .requests()
            .iter()
            .any(|request| request.contains("hush"))
    );
}

#[test]
fn no_error_shows_a_secret() {
    let server = Server::new([
        ("/broken", ok("{")),
        ("/denied", answer("403 Forbidden", "", "no")),
        ("/html", ok("<html></html>")),
        ("/empty", ok("")),
    ]);
    let mut options = ReadOptions::default();
    options.headers.push("X-Key: hush".parse().unwrap());
    for path in ["/broken", "/denied", "/html", "/empty", "/nowhere"] {
        let url = server
            .at(&format!("{path}?key=hush#hush"))
            .replace("http://", "http://me:hush@");
        let error = read(&url, &options).unwrap_err();
        let (shown, debugged) = (error.to_string(), format!("{error:?} {options:?}"));
        assert!(shown.contains(path) && !shown.contains("hush"), "{shown}");
        assert!(!debugged.contains("hush"), "{debugged}");
    }
    assert!(!error("https://me:hush@/").to_string().contains("hush"));
    assert!(!error("ftp://me:hush@host/").to_string().contains("hush"));
}

#[test]
fn credentials_in_the_url_are_used() {
    let server = Server::new([("/a", ok(DOCUMENT))]);
    documents(&server.at("/a").replace("http://", "http://me:secret@"));
    assert!(
        server.requests()[0]
            .to_lowercase()
            .contains("authorization: basic ")
    );
}

#[test]
fn a_login_page_is_told_from_a_document() {
    let form = "<html><form action='/x'><input type='Password' name='p'></form></html>";
    let server = Server::new([
        ("/swagger.json", ok(form)),
        ("/guarded", redirect("/Account/Login?ReturnUrl=%2Fguarded")),
        (
            "/listed",
            ok("<html><script>SwaggerUIBundle({url: '/guarded'})</script></html>"),
        ),
    ]);
    for (path, redirected) in [
        ("/swagger.json", false),
        ("/guarded", true),
        ("/listed", true),
    ] {
        match error(&server.at(path)) {
            ReadError::Login { redirected_to, .. } => {
                assert_eq!(redirected_to.is_some(), redirected)
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn pages_without_a_document_are_told_apart() {
    let server = Server::new([
        (
            "/app",
            ok("<!DOCTYPE html><html><app-root></app-root><script src='/main.js'></script></html>"),
        ),
        ("/main.js", ok("var x = {url: '/api/login'}")),
        (
            "/empty-list",
            ok("<html><script>SwaggerUIBundle({urls: []})</script></html>"),
        ),
        (
            "/names",
            ok("<html><script>SwaggerUIBundle({urls: [{url: 'a', name: 'A'}]})</script></html>"),
        ),
        (
            "/lists-html",
            ok("<html><script>SwaggerUIBundle({url: '/app'})</script></html>"),
        ),
    ]);
    assert!(matches!(
        error(&server.at("/app")),
        ReadError::NoDocumentInPage { .. }
    ));
    assert!(matches!(
        error(&server.at("/lists-html")),
        ReadError::NoDocumentInPage { .. }
    ));
    assert!(matches!(
        error(&server.at("/empty-list")),
        ReadError::EmptyList { wanted: None, .. }
    ));
    let message = error(&server.at("/names?urls.primaryName=B")).to_string();
    assert!(
        message.contains("no document named `B`") && message.contains("it has A"),
        "{message}"
    );
}

#[test]
fn bad_answers_are_told_apart() {
    let half = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n{\"openapi\""
        .to_vec();
    let server = Server::new([
        ("/401", answer("401 Unauthorized", "", "")),
        ("/403", answer("403 Forbidden", "", "")),
        ("/500", answer("500 Internal Server Error", "", "")),
        ("/half", half),
        ("/circle", redirect("/circle")),
        ("/elsewhere", redirect("file:///etc/passwd")),
        ("/empty", ok(" ")),
        (
            "/problem",
            ok(r#"{"title": "Unauthorized", "status": 401}"#),
        ),
        ("/large", ok(&" ".repeat(2_000))),
    ]);
    for (path, status) in [("/401", 401), ("/403", 403), ("/404", 404), ("/500", 500)] {
        let error = error(&server.at(path));
        assert!(
            matches!(error, ReadError::Status { status: found, .. } if found == status),
            "{error}"
        );
        assert!(error.to_string().contains("help: "));
    }
    assert!(matches!(
        error(&server.at("/half")),
        ReadError::Incomplete {
            expected: Some(1_000),
            received: 10,
            ..
        }
    ));
    assert!(matches!(
        error(&server.at("/circle")),
        ReadError::Redirect { .. }
    ));
    assert!(matches!(
        error(&server.at("/elsewhere")),
        ReadError::Redirect { .. }
    ));
    assert!(matches!(
        error(&server.at("/empty")),
        ReadError::Empty { .. }
    ));
    assert!(
        error(&server.at("/problem"))
            .to_string()
            .contains("an error message of a server")
    );
    let mut options = ReadOptions::default();
    options.max_bytes = 1_000;
    let large = read(&server.at("/large"), &options).unwrap_err();
    assert!(matches!(large, ReadError::TooLarge { limit: 1_000, .. }));
}

#[test]
fn nobody_at_home_and_bad_addresses_are_errors() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert!(matches!(
        error(&format!("http://{free}/a")),
        ReadError::Connection { .. }
    ));
    for url in ["ftp://example.com/a", "http://", "https://a b/"] {
        assert!(matches!(error(url), ReadError::BadUrl { .. }), "{url}");
    }
}

#[test]
fn a_silent_server_is_not_waited_for() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut options = ReadOptions::default();
    options.timeout = std::time::Duration::from_millis(50);
    let url = format!("http://{}/a", listener.local_addr().unwrap());
    assert!(matches!(
        read(&url, &options).unwrap_err(),
        ReadError::Timeout { .. }
    ));
}

#[test]
fn a_header_must_be_one() {
    for (text, message) in [
        ("hush", "a header must be written as `Name: value`"),
        (
            "na me: hush",
            "a header's name is made of letters, digits and `-`, before the first colon",
        ),
        (
            "x: hu\nsh",
            "the value of the header `x` has characters that cannot be sent",
        ),
    ] {
        assert_eq!(
            text.parse::<xtask::read::Header>().unwrap_err().to_string(),
            message
        );
    }
}

#[test]
fn references_are_followed_on_the_documents_host_only() {
    let document = |reference: &str| {
        format!(
            r##"{{"openapi": "3.0.0", "paths": {{}}, "components": {{"schemas": {{"A": {{"properties": {{"p": {{"$ref": "{reference}"}}}}}}}}}}}}"##
        )
    };
    let other = Server::new([("/pet.json", ok("{}"))]);
    let server = Server::new([
        ("/api/v1.json", ok(&document("parts/pet.yaml#/Pet"))),
        ("/api/parts/pet.yaml", ok("Pet: {type: string}")),
        ("/api/v2.json", ok(&document(&other.at("/pet.json")))),
        ("/api/v3.json", ok(&document("gone.json"))),
    ]);
    let document = &documents(&server.at("/api/v1.json"))[0];
    assert_eq!(
        document.value["components"]["schemas"]["Pet"]["type"],
        "string"
    );
    assert!(
        error(&server.at("/api/v2.json"))
            .to_string()
            .contains("another host")
    );
    assert!(
        error(&server.at("/api/v3.json"))
            .to_string()
            .contains("does not exist")
    );
    assert!(other.requests().is_empty());
}
