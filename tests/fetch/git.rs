use super::server::{Server, reply};
use super::{Outcome, ask_with, net, net_with};
use noticeboard::fetch::git::Git;
use noticeboard::fetch::{Due, Known, Origin, due};
use noticeboard::model::SourceId;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A repository made for a test, and a folder for copies of it.
struct Repo {
    work: TempDir,
    copies: TempDir,
}

impl Repo {
    fn new() -> Self {
        let repo = Self { work: tempfile::tempdir().unwrap(), copies: tempfile::tempdir().unwrap() };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// One whose server side lets itself be asked for parts.
    fn filtering() -> Self {
        let repo = Self::new();
        repo.git(&["config", "uploadpack.allowFilter", "true"]);
        repo
    }

    fn path(&self) -> &Path {
        self.work.path()
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        // A test run from a git hook must not touch the hook's repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
            git.env_remove(name);
        }
        let status = git
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args(["-c", "user.name=Tester", "-c", "user.email=tester@board.example", "-c", "commit.gpgsign=false"])
            .args(args)
            .current_dir(self.path())
            .status();
        assert!(status.unwrap().success(), "git {args:?}");
    }

    fn write(&self, key: &str, text: &str) -> &Self {
        let path = self.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn commit(&self) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "a change"]);
        self
    }

    fn in_place(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    fn elsewhere(&self) -> String {
        format!("file://{}", self.in_place())
    }

    async fn ask(&self, url: &str, branch: Option<&str>, known: Known) -> Outcome {
        let git = Git {
            url: url.to_owned(),
            branch: branch.map(str::to_owned),
            include: Vec::new(),
            exclude: vec!["drafts/**".to_owned()],
            allow_private: true,
        };
        ask_with(Origin::Git(git), known, net(self.copies.path())).await
    }

    /// Blobs in our copy that can be read without asking anybody.
    fn blobs_in_copy(&self) -> usize {
        let listed = Command::new("git")
            .args(["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"])
            .env("GIT_DIR", self.copies.path().join("turku-js"))
            .output()
            .unwrap();
        String::from_utf8_lossy(&listed.stdout).lines().filter(|kind| *kind == "blob").count()
    }
}

fn two_posts(repo: &Repo) {
    repo.write("posts/a.md", "one")
        .write("posts/b.md", "two")
        .write("logo.png", "png")
        .write("drafts/c.md", "no")
        .commit();
}

/// First run, a run with nothing new, a run with one change: the same whichever way.
async fn three_runs(repo: &Repo, url: &str) {
    two_posts(repo);
    let first = repo.ask(url, None, Known::default()).await;
    assert_eq!(first.failed, None);
    assert_eq!(first.keys(), ["posts/a.md", "posts/b.md"]);
    assert_eq!(first.documents[0].bytes, b"one");
    assert_eq!(first.documents[0].version.len(), 40);
    let known = first.known(Known::default());

    let second = repo.ask(url, None, known.clone()).await;
    assert!(second.documents.is_empty());
    assert_eq!(second.present(), ["posts/a.md", "posts/b.md"]);

    repo.write("posts/b.md", "twice").write("posts/new.md", "new");
    fs::remove_file(repo.path().join("posts/a.md")).unwrap();
    repo.commit();
    let third = repo.ask(url, None, known).await;
    assert_eq!(third.keys(), ["posts/b.md", "posts/new.md"]);
    assert_eq!(third.present(), ["posts/b.md", "posts/new.md"]);
}

#[tokio::test]
async fn a_repository_here_is_read_in_place_as_committed() {
    let repo = Repo::new();
    three_runs(&repo, &repo.in_place()).await;
    repo.write("posts/uncommitted.md", "not yet");
    let outcome = repo.ask(&repo.in_place(), None, Known::default()).await;
    assert_eq!(outcome.keys(), ["posts/b.md", "posts/new.md"]);
    assert_eq!(fs::read_dir(repo.copies.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn reading_in_place_writes_nothing() {
    let repo = Repo::new();
    two_posts(&repo);
    let before = listing(repo.path());
    repo.ask(&repo.in_place(), None, Known::default()).await;
    assert_eq!(listing(repo.path()), before);
}

fn listing(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push((path.clone(), fs::symlink_metadata(&path).unwrap().modified().unwrap()));
        if path.is_dir() {
            found.extend(listing(&path));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_bare_repository_is_read_in_place() {
    let repo = Repo::new();
    two_posts(&repo);
    let bare = tempfile::tempdir().unwrap();
    let path = bare.path().join("docs.git");
    repo.git(&["clone", "--quiet", "--bare", ".", path.to_str().unwrap()]);
    let outcome = repo.ask(path.to_str().unwrap(), None, Known::default()).await;
    assert_eq!(outcome.keys(), ["posts/a.md", "posts/b.md"]);
}

#[tokio::test]
async fn from_a_server_that_filters_only_chosen_blobs_come() {
    let repo = Repo::filtering();
    two_posts(&repo);
    repo.ask(&repo.elsewhere(), None, Known::default()).await;
    assert_eq!(repo.blobs_in_copy(), 2);
    let repo = Repo::filtering();
    three_runs(&repo, &repo.elsewhere()).await;
}

#[tokio::test]
async fn a_server_that_cannot_filter_is_asked_for_everything() {
    let repo = Repo::new();
    three_runs(&repo, &repo.elsewhere()).await;
}

/// A server of the git protocol for one repository; counts who calls. An old one knows protocol 0 only.
async fn serve(repo: &Repo, old: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("git://{}/docs", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let (path, count) = (repo.path().to_owned(), Arc::clone(&calls));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let path = path.clone();
            tokio::spawn(async move {
                let mut length = [0; 4];
                stream.read_exact(&mut length).await.unwrap();
                let length = usize::from_str_radix(std::str::from_utf8(&length).unwrap(), 16).unwrap();
                stream.read_exact(&mut vec![0; length - 4]).await.unwrap();
                let mut child = tokio::process::Command::new("git")
                    .args(["upload-pack", path.to_str().unwrap()])
                    .env("GIT_PROTOCOL", if old { "version=0" } else { "version=2" })
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                let mut inside = tokio::io::join(child.stdout.take().unwrap(), child.stdin.take().unwrap());
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut inside).await;
            });
        }
    });
    (url, calls)
}

#[tokio::test]
async fn three_requests_bring_a_change_and_one_finds_that_there_is_none() {
    let repo = Repo::filtering();
    two_posts(&repo);
    let (url, calls) = serve(&repo, false).await;
    let first = repo.ask(&url, None, Known::default()).await;
    assert_eq!(first.keys(), ["posts/a.md", "posts/b.md"]);
    assert_eq!((calls.swap(0, Ordering::SeqCst), repo.blobs_in_copy()), (3, 2));
    let known = first.known(Known::default());
    let second = repo.ask(&url, None, known.clone()).await;
    assert_eq!((second.documents.len(), calls.swap(0, Ordering::SeqCst)), (0, 1));
    repo.write("posts/b.md", "twice").commit();
    let third = repo.ask(&url, None, known).await;
    assert_eq!((third.keys(), calls.swap(0, Ordering::SeqCst)), (vec!["posts/b.md"], 3));
}

#[tokio::test]
async fn a_server_that_gives_no_single_blobs_is_asked_for_everything() {
    let repo = Repo::filtering();
    let (url, _) = serve(&repo, true).await;
    three_runs(&repo, &url).await;
    assert_eq!(repo.blobs_in_copy(), 4, "the copy should be a whole one");
}

#[tokio::test]
async fn a_copy_that_was_cut_off_is_made_anew() {
    let repo = Repo::filtering();
    two_posts(&repo);
    let first = repo.ask(&repo.elsewhere(), None, Known::default()).await;
    let copy = repo.copies.path().join("turku-js");
    fs::write(copy.join("shallow.lock"), "").unwrap();
    fs::remove_dir_all(copy.join("objects")).unwrap();
    repo.write("posts/b.md", "twice").commit();
    let second = repo.ask(&repo.elsewhere(), None, first.known(Known::default())).await;
    assert_eq!(second.failed, None);
    assert_eq!(second.keys(), ["posts/b.md"]);
}

#[tokio::test]
async fn a_branch_or_tag_can_be_chosen() {
    let repo = Repo::filtering();
    two_posts(&repo);
    repo.git(&["checkout", "--quiet", "-b", "release/2.1"]);
    repo.write("posts/c.md", "three").commit();
    repo.git(&["tag", "--annotate", "--message", "a tag", "v1"]);
    repo.git(&["checkout", "--quiet", "main"]);
    for url in [repo.in_place(), repo.elsewhere()] {
        assert_eq!(repo.ask(&url, None, Known::default()).await.documents.len(), 2);
        for branch in ["release/2.1", "v1"] {
            assert_eq!(repo.ask(&url, Some(branch), Known::default()).await.documents.len(), 3, "{url} {branch}");
        }
        let missing = repo.ask(&url, Some("nope"), Known::default()).await;
        assert_eq!(missing.failure(), "expected a branch or tag `nope`, but the repository has none");
    }
}

#[tokio::test]
async fn a_repository_without_a_commit_fails_and_says_so() {
    let repo = Repo::new();
    for url in [repo.in_place(), repo.elsewhere()] {
        let outcome = repo.ask(&url, None, Known::default()).await;
        assert_eq!(outcome.failure(), "expected a commit at its head, but the repository has none");
    }
}

#[tokio::test]
async fn no_repository_fails_with_a_way_out() {
    let repo = Repo::new();
    let empty = tempfile::tempdir().unwrap();
    let here = empty.path().to_str().unwrap();
    let outcome = repo.ask(here, None, Known::default()).await;
    assert_eq!(outcome.failure(), "expected a git repository, but found a folder without one");
    let outcome = repo.ask(&format!("file://{here}/gone"), None, Known::default()).await;
    assert!(outcome.failure().starts_with("`git ls-remote` failed: `fatal: "), "{}", outcome.failure());
    assert!(outcome.failed.unwrap().hint.is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn when_nobody_waits_git_and_its_helpers_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/docs", listener.local_addr().unwrap());
    let git = Git { url, branch: None, include: Vec::new(), exclude: Vec::new(), allow_private: true };
    let source = SourceId::new("turku-js").unwrap();
    let known = Known::default();
    let arrivals = due(vec![Due { source, origin: Origin::Git(git), known }], net(Path::new("unused")));
    let (mut stream, _) = listener.accept().await.unwrap();
    drop(arrivals);
    let mut asked = Vec::new();
    let to_its_end = stream.read_to_end(&mut asked);
    let ended = tokio::time::timeout(Duration::from_secs(10), to_its_end).await;
    assert!(ended.is_ok(), "a helper of git still waits for the answer");
}

#[tokio::test]
async fn credentials_are_never_told() {
    let repo = Repo::new();
    for url in ["http://bot:hunter2@127.0.0.1:1/docs", "http://hunter2@127.0.0.1:1/docs"] {
        let outcome = repo.ask(url, None, Known::default()).await;
        assert!(outcome.failure().starts_with("`git ls-remote` failed: "), "{}", outcome.failure());
        assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_file_too_large_is_one_problem_each_time() {
    let repo = Repo::filtering();
    repo.write("good.md", "text").write("huge.md", &"x".repeat(17 * 1024 * 1024)).commit();
    for url in [repo.in_place(), repo.elsewhere(), repo.elsewhere()] {
        let outcome = repo.ask(&url, None, Known::default()).await;
        assert_eq!(outcome.keys(), ["good.md"]);
        assert_eq!(outcome.present(), ["good.md", "huge.md"]);
        assert_eq!(outcome.problems.len(), 1);
        assert_eq!(outcome.problems[0].message, "expected at most 16 MiB, but found 17825792 bytes");
    }
}

#[tokio::test]
async fn hooks_and_settings_of_a_repository_do_nothing() {
    let repo = Repo::new();
    two_posts(&repo);
    let mark = repo.copies.path().join("ran");
    let program = format!("touch {}", mark.display());
    repo.git(&["config", "core.fsmonitor", &program]);
    repo.git(&["config", "core.sshCommand", &program]);
    repo.git(&["config", "alias.ls-tree", &format!("!{program}")]);
    repo.git(&["config", "core.pager", &program]);
    repo.git(&["config", "core.askPass", &program]);
    repo.git(&["config", "core.gitProxy", &program]);
    repo.git(&["config", "credential.helper", &format!("!{program}")]);
    repo.git(&["config", "uploadpack.packObjectsHook", &program]);
    repo.git(&["config", "core.alternateRefsCommand", &program]);
    for url in [repo.in_place(), repo.elsewhere()] {
        let outcome = repo.ask(&url, None, Known::default()).await;
        assert_eq!(outcome.documents.len(), 2);
    }
    assert!(!mark.exists());
}

/// A repository of that address by the rules that hold without `allow_private`.
fn guarded(url: &str) -> Origin {
    toml::from_str(&format!("git = {{ url = \"{url}\" }}")).unwrap()
}

#[tokio::test]
async fn private_servers_are_not_asked_unless_allowed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for url in [
        format!("http://127.0.0.1:{port}/docs"),
        format!("http://2130706433:{port}/docs"),
        format!("http://[::1]:{port}/docs"),
        format!("git://0x7f.1:{port}/docs"),
        format!("ssh://git@localhost:{port}/docs"),
        "git@localhost:docs".to_owned(),
    ] {
        let outcome = ask_with(guarded(&url), Known::default(), net(Path::new("unused"))).await;
        assert!(outcome.failure().contains("a private address"), "{url}: {}", outcome.failure());
        assert!(outcome.failed.unwrap().hint.unwrap().contains("fetch.allow"), "{url}");
    }
    let net = net(Path::new("unused")).with_names(|_| Ok(vec!["10.0.0.7".parse().unwrap()]));
    let outcome = ask_with(guarded("https://git.example/docs"), Known::default(), net).await;
    assert!(outcome.failure().contains("`git.example` is, or leads to, a private address"), "{}", outcome.failure());
    let net = super::net(Path::new("unused")).with_names(|_| Ok(vec!["192.0.79.7".parse().unwrap()]));
    let outcome = ask_with(guarded("git://git.example/docs"), Known::default(), net).await;
    assert_eq!(outcome.failure(), "expected a server that proves its name, but over `git://` none does");
    let nobody = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err(), "somebody was asked");
}

#[tokio::test]
async fn git_goes_where_the_name_was_found_to_lead_says_who_asks_and_follows_no_redirect() {
    let other = Server::start(|_, _| reply("404 Not Found", &[], b"")).await;
    let to = format!("Location: {}/docs/info/refs?service=git-upload-pack", other.address);
    let server = Server::start(move |_, _| reply("302 Found", &[&to], b"")).await;
    let limits = toml::from_str("allow = [\"127.0.0.1\"]").unwrap();
    let net = net_with(Path::new("unused"), limits).with_names(|_| Ok(vec!["127.0.0.1".parse().unwrap()]));
    let url = format!("http://git.example:{}/docs", server.port());
    let outcome = ask_with(guarded(&url), Known::default(), net).await;
    let hint = outcome.failed.as_ref().unwrap().hint.clone();
    assert!(hint.is_some_and(|hint| hint.contains("has moved")), "{}", outcome.failure());
    let request = server.requests()[0].to_ascii_lowercase();
    assert!(request.contains("host: git.example:") && request.contains("user-agent: noticeboard/"), "{request}");
    assert!(other.requests().is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn a_submodule_is_not_entered() {
    let repo = Repo::filtering();
    two_posts(&repo);
    let id = "1234567890123456789012345678901234567890";
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{id},sub.md")]);
    repo.git(&["commit", "--quiet", "--message", "a submodule"]);
    for url in [repo.in_place(), repo.elsewhere()] {
        let outcome = repo.ask(&url, None, Known::default()).await;
        assert_eq!(outcome.keys(), ["posts/a.md", "posts/b.md"]);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_repository_is_a_problem_and_one_inside_is_its_file() {
    use std::os::unix::fs::symlink;
    let repo = Repo::filtering();
    repo.write("posts/a.md", "one").write("text/note.txt", "a note");
    symlink("/etc/hostname", repo.path().join("evil.md")).unwrap();
    symlink("../../outside", repo.path().join("posts/evil")).unwrap();
    symlink("../text/note.txt", repo.path().join("posts/note.md")).unwrap();
    symlink("..", repo.path().join("posts/loop")).unwrap();
    symlink("evil.md", repo.path().join("twice.md")).unwrap();
    repo.write(".private/b.md", "secret");
    symlink("../.private/b.md", repo.path().join("posts/b.md")).unwrap();
    repo.commit();
    for url in [repo.in_place(), repo.elsewhere()] {
        let outcome = repo.ask(&url, None, Known::default()).await;
        assert_eq!(outcome.failed, None);
        assert_eq!(outcome.keys(), ["posts/a.md", "posts/note.md"]);
        assert_eq!(outcome.documents[1].bytes, b"a note");
        let subjects: Vec<_> = outcome.problems.iter().map(|p| p.subject.as_deref().unwrap()).collect();
        assert_eq!(subjects, ["evil.md", "posts/b.md", "posts/evil", "twice.md"]);
        assert!(outcome.problems[0].message.contains("leads outside"));
    }
}

#[test]
fn a_config_that_could_run_programs_is_refused() {
    for url in ["ext::sh -c id", "-oProxyCommand=x", "ftp://git.example.org/x"] {
        let config = format!("git = {{ url = \"{url}\" }}");
        assert!(toml::from_str::<Origin>(&config).is_err(), "{url}");
    }
    let error = toml::from_str::<Origin>("git = { url = \"x\", branch = \"-x\" }").unwrap_err().to_string();
    assert!(error.contains("expected the name of a branch, but found `-x`"), "{error}");
    let error = toml::from_str::<Origin>("git = { url = \"x\", brnch = \"x\" }").unwrap_err().to_string();
    assert!(error.contains("unknown field `brnch`"), "{error}");
}
