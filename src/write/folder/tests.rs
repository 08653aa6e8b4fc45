use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Stages files (rank 1 for `.html`), as a run does, and answers the list that the caller would keep.
fn stage_all(folder: &mut Folder, files: &[(&str, &str)]) -> OpenList {
    let mut list = OpenList::default();
    for (path, text) in files {
        let staged = folder.stage(path, &mut |out| out.write_all(text.as_bytes())).unwrap();
        if staged.changed {
            list.moves.push(Move { path: staged.path, hash: staged.hash, rank: u8::from(path.ends_with(".html")) });
        }
    }
    let ours: Vec<String> = folder.ours().map(str::to_owned).collect();
    list.removals = ours.into_iter().filter(|path| files.iter().all(|(wanted, _)| wanted != path)).collect();
    folder.sync().unwrap();
    list
}

fn publish(root: &Path, files: &[(&str, &str)]) -> usize {
    let mut folder = Folder::open(root).unwrap();
    let list = stage_all(&mut folder, files);
    folder.finish(&list, &mut |_| {}).unwrap()
}

fn files(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn published(root: &Path) -> Vec<(String, String)> {
    files(root).into_iter().filter(|(name, _)| !name.starts_with(".noticeboard")).collect()
}

fn pairs(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
}

const OLD: &[(&str, &str)] = &[("events.ics", "old"), ("index.html", "old"), ("tags/tea/feed.atom", "old")];
const NEW: &[(&str, &str)] =
    &[("events.ics", "new"), ("feed.atom", "new"), ("index.html", "new"), ("tags/x/index.html", "x")];

#[test]
fn files_are_published_and_unwanted_ones_removed_with_their_folders() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(publish(root.path(), OLD), 3);
    assert_eq!(published(root.path()), pairs(OLD));
    assert_eq!(publish(root.path(), NEW), 5);
    assert_eq!(published(root.path()), pairs(NEW));
    assert!(!root.path().join("tags/tea").exists());
    assert!(!root.path().join(".noticeboard/staging").exists());
}

#[test]
fn a_second_run_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), OLD);
    let times = |root: &Path| -> Vec<_> {
        let time = |(name, _): &(String, String)| fs::metadata(root.join(name)).unwrap().modified().unwrap();
        files(root).iter().map(time).collect()
    };
    let before = times(root.path());
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(publish(root.path(), OLD), 0);
    assert_eq!(times(root.path()), before);
}

#[test]
fn a_file_that_somebody_deleted_comes_back() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), OLD);
    fs::remove_file(root.path().join("events.ics")).unwrap();
    assert_eq!(publish(root.path(), OLD), 1);
    assert_eq!(published(root.path()), pairs(OLD));
}

#[test]
fn pages_are_moved_after_what_they_link_to_and_the_board_after_its_slices() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    let list = stage_all(&mut folder, NEW);
    let mut steps = Vec::new();
    folder.finish(&list, &mut |step| steps.push(step.to_owned())).unwrap();
    let expected =
        ["claim", "move events.ics", "move feed.atom", "move tags/x/index.html", "move index.html", "manifest"];
    assert_eq!(steps, expected);
}

#[test]
fn a_run_killed_at_any_step_is_finished_by_the_next() {
    for kill_at in 0..20 {
        let root = tempfile::tempdir().unwrap();
        publish(root.path(), OLD);
        let mut folder = Folder::open(root.path()).unwrap();
        let list = stage_all(&mut folder, NEW);
        let mut count = 0;
        let killed = catch_unwind(AssertUnwindSafe(|| {
            folder.finish(&list, &mut |_| {
                assert!(count != kill_at, "killed");
                count += 1;
            })
        }))
        .is_err();
        drop(folder);
        for (name, text) in published(root.path()) {
            let whole = |files: &[(&str, &str)]| files.iter().any(|(n, t)| *n == name && *t == text);
            assert!(whole(OLD) || whole(NEW), "{name} is neither old nor new after step {kill_at}");
        }
        // What came from the store, the next run finishes before anything else.
        let list: OpenList = serde_json::from_str(&serde_json::to_string(&list).unwrap()).unwrap();
        let mut folder = Folder::open(root.path()).unwrap();
        folder.finish(&list, &mut |_| {}).unwrap();
        assert_eq!(published(root.path()), pairs(NEW), "after step {kill_at}");
        assert_eq!(publish(root.path(), NEW), 0);
        if !killed {
            return;
        }
    }
    panic!("the loop should have gone past the last step");
}

#[test]
fn a_list_may_be_finished_twice() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    let list = stage_all(&mut folder, NEW);
    assert_eq!(folder.finish(&list, &mut |_| {}).unwrap(), 4);
    assert_eq!(folder.finish(&list, &mut |_| {}).unwrap(), 0);
    assert_eq!(published(root.path()), pairs(NEW));
}

#[test]
fn a_list_whose_files_are_gone_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    let list = OpenList { moves: vec![Move { path: "a.ics".into(), hash: "00".into(), rank: 0 }], removals: vec![] };
    let error = folder.finish(&list, &mut |_| {}).unwrap_err();
    assert!(matches!(error, WriteError::Gone { .. }), "{error}");
}

#[test]
fn somebody_elses_files_stay_and_are_never_replaced() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("index.html"), "mine").unwrap();
    fs::write(root.path().join("CNAME"), "events.example.org").unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    let error = folder.stage("index.html", &mut |out| out.write_all(b"theirs")).unwrap_err();
    let root_path = fs::canonicalize(root.path()).unwrap();
    insta::assert_snapshot!(error.to_string().replace(root_path.to_str().unwrap(), "public"), @r"
    public/index.html: there is a file that Noticeboard did not write
      hint: move it away, or choose another output directory
    ");
    publish(root.path(), &[("events.ics", "new")]);
    let list = OpenList { moves: vec![], removals: vec!["CNAME".into()] };
    Folder::open(root.path()).unwrap().finish(&list, &mut |_| {}).unwrap();
    publish(root.path(), &[]);
    assert_eq!(published(root.path()), pairs(&[("CNAME", "events.example.org"), ("index.html", "mine")]));
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let root = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    for bad in ["", "/etc/motd", "../up", "a/../../b", "a//b", "./a", ".noticeboard/manifest.json", "C:\\x", "a\0b"] {
        let error = folder.stage(bad, &mut |_| Ok(())).unwrap_err();
        assert!(matches!(error, WriteError::Name { .. }), "{bad}: {error}");
        let list = OpenList { moves: vec![], removals: vec![bad.into()] };
        assert!(folder.finish(&list, &mut |_| {}).is_err(), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let root = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join("tags")).unwrap();
    let mut folder = Folder::open(root.path()).unwrap();
    let error = folder.stage("tags/feed.atom", &mut |out| out.write_all(b"x")).unwrap_err();
    assert!(matches!(error, WriteError::Link { .. }), "{error}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn a_renderer_that_fails_publishes_nothing() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), OLD);
    let mut folder = Folder::open(root.path()).unwrap();
    let failed = folder.stage("events.ics", &mut |out| {
        out.write_all(b"half")?;
        Err(io::Error::other("the walk broke off"))
    });
    assert!(failed.is_err());
    folder.finish(&OpenList::default(), &mut |_| {}).unwrap();
    assert_eq!(published(root.path()), pairs(OLD));
}

#[test]
fn a_broken_manifest_is_named_and_nothing_is_touched() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), OLD);
    fs::write(root.path().join(".noticeboard/manifest.json"), "{").unwrap();
    let error = Folder::open(root.path()).unwrap_err();
    assert!(matches!(error, WriteError::Manifest { .. }), "{error}");
}
