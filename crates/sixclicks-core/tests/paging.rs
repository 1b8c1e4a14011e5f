//! Streams of pages: where they end, what they ask for, and what they refuse.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use sixclicks_core::{Error, ErrorKind, Page, PageStream, Position};

/// What was asked for, in order.
type Asked = Arc<Mutex<Vec<u64>>>;

/// A list of numbers, of which a page has `size`.
fn list(
    count: u64,
    size: u64,
    total: impl Fn(u64) -> Option<u64> + Send + 'static,
) -> (PageStream<'static, u64>, Asked) {
    let asked = Asked::default();
    let log = Arc::clone(&asked);
    let stream = PageStream::by_skip("list", None, move |skip| {
        log.lock().unwrap().push(skip);
        let page = Page::new((skip..count.min(skip + size)).collect()).with_total(total(skip));
        async move { Ok(page) }
    });
    (stream, asked)
}

#[tokio::test]
async fn all_items_come_once_and_in_order() {
    for (count, size) in [(0, 10), (1, 10), (10, 10), (25, 10), (100, 7)] {
        for total in [None, Some(count)] {
            let (stream, _) = list(count, size, move |_| total);
            let all = stream.collect_all().await.unwrap();
            assert_eq!(
                all,
                (0..count).collect::<Vec<_>>(),
                "{count} {size} {total:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_total_saves_the_request_for_an_empty_page() {
    let (stream, asked) = list(30, 10, |_| Some(30));
    assert_eq!(stream.collect_all().await.unwrap().len(), 30);
    assert_eq!(*asked.lock().unwrap(), [0, 10, 20]);
}

#[tokio::test]
async fn a_short_page_is_the_last_where_there_is_no_total() {
    let (stream, asked) = list(25, 10, |_| None);
    assert_eq!(stream.collect_all().await.unwrap().len(), 25);
    assert_eq!(*asked.lock().unwrap(), [0, 10, 20]);
}

#[tokio::test]
async fn a_total_may_grow_shrink_and_be_wrong() {
    let (grows, _) = list(40, 10, |skip| Some(skip + 11));
    assert_eq!(grows.collect_all().await.unwrap().len(), 40);
    let (shrinks, _) = list(40, 10, |skip| Some(60 - skip));
    assert_eq!(shrinks.collect_all().await.unwrap().len(), 40);
    let (zero, _) = list(40, 10, |_| Some(0));
    assert_eq!(zero.collect_all().await.unwrap().len(), 40);
}

#[tokio::test]
async fn page_numbers_are_counted_up_from_where_the_api_begins() {
    for first in [0, 1] {
        let stream: PageStream<'_, u64> =
            PageStream::by_number("list", first, None, None, move |n| {
                let skip = (n - first) * 10;
                let page = Page::new((skip..25.min(skip + 10)).collect()).with_total(Some(25));
                async move { Ok(page) }
            });
        assert_eq!(
            stream.collect_all().await.unwrap(),
            (0..25).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn the_next_page_is_fetched_while_one_is_consumed() {
    let (mut stream, asked) = list(100, 10, |_| Some(100));
    assert_eq!(stream.next().await.unwrap().unwrap(), 0);
    assert_eq!(*asked.lock().unwrap(), [0, 10, 20]);
    let (stream, asked) = list(100, 10, |_| Some(100));
    let mut stream = stream.with_pages_ahead(0);
    for _ in 0..10 {
        stream.next().await.unwrap().unwrap();
    }
    assert_eq!(*asked.lock().unwrap(), [0]);
}

#[tokio::test]
async fn an_error_says_how_far_it_got_and_ends_the_stream() {
    let mut stream: PageStream<'_, u64> = PageStream::by_skip("list", Some(5), |skip| async move {
        match skip {
            25 => Err(Error::new(ErrorKind::Server, "list", "down")),
            skip => Ok(Page::new((skip..skip + 10).collect()).with_total(Some(100))),
        }
    });
    for number in 5..25 {
        assert_eq!(stream.next().await.unwrap().unwrap(), number);
    }
    let error = stream.next().await.unwrap().unwrap_err();
    let reached = error.reached().unwrap();
    assert_eq!((reached.items, &reached.next), (20, &Position::Skip(25)));
    assert_eq!(error.to_string(), "list: down; after 20 items, at item 25");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_server_that_repeats_a_page_is_not_asked_for_ever() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let mut stream: PageStream<'_, u64> = PageStream::by_skip("list", None, move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async { Ok(Page::new(vec![1, 2, 3])) }
    });
    let mut items = 0;
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(_) => items += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((items, calls.load(Ordering::Relaxed)), (3, 2));
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
}

/// The links that pages were asked for by.
type AskedLinks = Arc<Mutex<Vec<Option<String>>>>;

/// A stream whose pages of one item have these links.
fn linked(links: &'static [&'static str]) -> (PageStream<'static, u64>, AskedLinks) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let stream = PageStream::by_link("list", "https://api.example.com/base", move |link| {
        let mut log = log.lock().unwrap();
        let link_of_page = links.get(log.len()).map(|link| (*link).to_owned());
        let page = Page::new(vec![log.len() as u64]).with_link(link_of_page);
        log.push(link);
        async move { Ok(page) }
    });
    (stream, asked)
}

#[tokio::test]
async fn links_are_followed_on_the_same_host() {
    let (stream, asked) = linked(&[
        "http://API.example.com:8080/odata/T?$skiptoken=a%20b",
        "/odata/T?$skip=2",
        "",
    ]);
    assert_eq!(stream.collect_all().await.unwrap(), [0, 1, 2]);
    let link = |text: &str| Some(text.to_owned());
    assert_eq!(
        *asked.lock().unwrap(),
        [
            None,
            link("/odata/T?$skiptoken=a%20b"),
            link("/odata/T?$skip=2")
        ]
    );
}

#[tokio::test]
async fn links_to_another_host_or_in_a_circle_are_refused() {
    for bad in [
        &["https://evil.example.org/odata/T"][..],
        &["//evil.example.org/T"],
        &["https://api.example.com@evil.example.org/T"],
        &["file:///etc/passwd"],
        &["http://["],
        &["/a", "/b", "/a"],
    ] {
        let (stream, asked) = linked(bad);
        let error = stream.collect_all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{bad:?}");
        assert_eq!(asked.lock().unwrap().len(), bad.len(), "{bad:?}");
    }
}
