//! The same session manager in Rust, as a developer would write it with only the standard library:
//! `RwLock<HashMap<String, Session>>`. A change holds the write lock from its start to its end.
//!
//! Usage: main <increment|get|look|key|set> <sessions> <threads>. It then reads requests, each a line of JSON, {"turn":milliseconds} or
//! "check", and answers each with a line of JSON.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{stdin, stdout, BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, RwLock};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const BATCH: usize = 1000;
const KEYS: [&str; 2] = ["theme", "language"];

#[derive(Clone)]
#[allow(dead_code)]
struct Session {
    id: String,
    user_id: String,
    username: String,
    access_count: u64,
    version: u64,
    is_authenticated: bool,
    last_activity: u64,
    metadata: HashMap<String, String>,
}

struct Store(RwLock<HashMap<String, Session>>);

impl Store {
    fn increment(&self, id: &str) -> Option<u64> {
        let mut sessions = self.0.write().unwrap();
        let session = sessions.get_mut(id)?;
        count_access(session);
        Some(session.access_count)
    }

    fn get(&self, id: &str) -> Option<Session> {
        self.0.read().unwrap().get(id).cloned()
    }

    fn key(&self, id: &str, key: &str) -> Option<String> {
        self.0.read().unwrap().get(id)?.metadata.get(key).cloned()
    }

    fn set(&self, id: &str, key: &str, value: &str) -> Option<()> {
        let mut sessions = self.0.write().unwrap();
        let session = sessions.get_mut(id)?;
        session.metadata.insert(key.to_string(), value.to_string());
        count_access(session);
        Some(())
    }
}

fn count_access(session: &mut Session) {
    session.access_count += 1;
    session.version += 1;
    session.last_activity = now();
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

fn new_session(id: &str) -> Session {
    let metadata = [("theme", "dark"), ("language", "english")];
    Session {
        id: id.to_string(),
        user_id: "user-4711".to_string(),
        username: "alice".to_string(),
        access_count: 0,
        version: 1,
        is_authenticated: true,
        last_activity: now(),
        metadata: metadata.map(|(key, value)| (key.to_string(), value.to_string())).into(),
    }
}

/// A random number generator: xorshift64* (S. Vigna).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

/// Returns an id with the length and the randomness of a UUID.
fn new_id(random: &mut Random) -> String {
    let (a, b) = (random.next(), random.next());
    format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff, a & 0xffff, b >> 48, b & 0xffff_ffff_ffff)
}

/// Draws the ids that one thread will use, about as many as there are sessions. As in a JavaScript batch, the references are
/// next to each other in memory.
fn draw(ids: &[String], thread: usize) -> Vec<&str> {
    let mut random = Random(thread as u64 + 1);
    let count = ids.len().max(32 * BATCH).div_ceil(BATCH) * BATCH;
    (0..count).map(|_| ids[random.next() as usize % ids.len()].as_str()).collect()
}

/// Works for `time`. Returns the number of operations and the operations per second, and adds the whole sessions that it read
/// to `found`.
fn turn(store: &Store, operation: &str, work: (&[&str], usize), thread: usize, time: Duration, found: &AtomicU64) -> (u64, f64) {
    let (picks, from) = work;
    let values: Vec<String> = (0..4 * BATCH).map(|value| format!("v{value}")).collect();
    let start = Instant::now();
    let mut done = 0;
    while done == 0 || start.elapsed() < time {
        let batch = &picks[(from + done) % picks.len()..][..BATCH];
        let mut whole = 0;
        for (at, &id) in batch.iter().enumerate() {
            let worked = match operation {
                "increment" => store.increment(id).is_some(),
                "set" => store.set(id, KEYS[thread % 2], &values[(done + at) % values.len()]).is_some(),
                "key" => black_box(store.key(id, KEYS[0])).is_some_and(|value| value == "dark"),
                "look" => black_box(store.get(id))
                    .is_some_and(|session| session.access_count == 0 && session.metadata.get(KEYS[0]).is_some_and(|value| value == "dark")),
                _ => black_box(store.get(id)).is_some_and(|session| session.id == id && session.metadata.len() == 2),
            };
            whole += u64::from(worked);
        }
        found.fetch_add(whole, Ordering::Relaxed);
        done += BATCH;
    }
    (done as u64, done as f64 / start.elapsed().as_secs_f64())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let operation = args[1].as_str();
    let sessions: usize = args[2].parse().unwrap();
    let threads: usize = args[3].parse().unwrap();
    let mut random = Random(42);
    let ids: Vec<String> = (0..sessions).map(|_| new_id(&mut random)).collect();
    let store = Store(RwLock::new(ids.iter().map(|id| (id.clone(), new_session(id))).collect()));
    let picks: Vec<Vec<&str>> = (0..threads).map(|thread| draw(&ids, thread)).collect();
    let (expected, found) = (AtomicU64::new(0), AtomicU64::new(0));
    say("\"ready\"");
    for line in stdin().lock().lines().map_while(Result::ok) {
        if line == "\"check\"" {
            let counted: u64 = store.0.read().unwrap().values().map(|session| session.access_count).sum();
            let found = if ["get", "look", "key"].contains(&operation) { found.load(Ordering::Relaxed) } else { counted };
            say(&format!("{{\"expected\":{},\"found\":{found}}}", expected.load(Ordering::Relaxed)));
            continue;
        }
        let milliseconds: f64 = line.trim_start_matches("{\"turn\":").trim_end_matches('}').parse().unwrap();
        // Continues with the drawn ids where the previous turn stopped.
        let from = expected.load(Ordering::Relaxed) as usize / threads / BATCH * BATCH;
        let barrier = Barrier::new(threads);
        let rate: f64 = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|thread| {
                    let (store, picks, barrier) = (&store, &picks[thread], &barrier);
                    let (expected, found) = (&expected, &found);
                    scope.spawn(move || {
                        barrier.wait();
                        let time = Duration::from_secs_f64(milliseconds / 1000.0);
                        let (done, rate) = turn(store, operation, (picks, from), thread, time, found);
                        expected.fetch_add(done, Ordering::Relaxed);
                        rate
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        say(&rate.to_string());
    }
}

fn say(line: &str) {
    println!("{line}");
    stdout().flush().unwrap();
}
