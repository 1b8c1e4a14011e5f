//! Scratch.
use xtask::*;
fn main() {
    let out = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let mut ok = 0;
    let mut bad = 0;
    let mut members = vec![];
    for (i, f) in std::env::args().skip(2).enumerate() {
        let Ok(text) = std::fs::read_to_string(&f) else {
            continue;
        };
        let Ok(mut doc) = serde_json::from_str::<serde_json::Value>(&text) else {
            println!("SKIP {f}");
            continue;
        };
        if !doc["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.0"))
        {
            println!("SKIP {f}");
            continue;
        }
        let mut report = report::Report::default();
        let r = std::thread::Builder::new()
            .stack_size(512 << 20)
            .spawn(move || {
                lower::lower(&mut doc, &mut report).map_err(|e| e.to_string())?;
                let plan = generate::Plan::new(&doc);
                let s = generate::generate(&doc).map_err(|e| e.to_string())?;
                Ok::<_, String>((plan, s))
            })
            .unwrap()
            .join()
            .unwrap_or_else(|_| Err("PANIC".into()));
        match r {
            Ok((plan, s)) => {
                ok += 1;
                let stem = std::path::Path::new(&f)
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .to_lowercase()
                    .replace(|c: char| !c.is_alphanumeric(), "-");
                let name = format!("c{i}-{stem}");
                let o = emit::CrateOptions {
                    name: name.clone(),
                    product: plan.title.clone(),
                    version: "0.1.0".into(),
                    place: emit::Place::Elsewhere("/work/main/crates".into()),
                };
                let mut files = emit::files(&plan, &s, &o);
                let m = files.get_mut(std::path::Path::new("Cargo.toml")).unwrap();
                *m = m.replace("/work/main/crates/sixclicks-auth", "/tmp/fakeauth");
                emit::write::write(&[(out.join(&name), files)]).unwrap();
                members.push(format!("{name:?}"));
            }
            Err(e) => {
                bad += 1;
                println!("FAIL {f}: {e}");
            }
        }
    }
    std::fs::write(
        out.join("Cargo.toml"),
        format!(
            "[workspace]\nresolver=\"3\"\nmembers=[{}]\n",
            members.join(",")
        ),
    )
    .unwrap();
    println!("ok {ok} bad {bad}");
}
