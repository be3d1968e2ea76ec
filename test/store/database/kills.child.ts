/**
 * A process that kills threads while they work on sessions with SQLite behind them, beside a thread that goes on. Its arguments are a
 * folder for the database and the number of kills inside a call of the database. It prints what is left as JSON.
 */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import type { Database } from '../../../src/store/database/database.ts'
import { sqliteDriver } from '../../../src/store/database/sqlite-driver.ts'
import { openSqlite } from '../../../src/store/database/sqlite.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { KEPT, POOL, WORD, work } from './kills.thread.ts'
import type { KillsThreadData } from './kills.thread.ts'
import { rowOf } from './row-of.ts'

/** What is left after all kills, when the clean-up has nothing more to do. */
export interface Left {
  readonly kills: number
  /** Kills inside a call of the database. */
  readonly inside: number
  /** What `verify` says. */
  readonly problems: readonly string[]
  /** Sessions without a row, and rows without a session. */
  readonly unmatched: readonly string[]
  /** Sessions and rows that mix two rows. */
  readonly torn: readonly string[]
  /** How many more rows than sessions there are. */
  readonly rowsTooMany: number
  /** What SQLite says of its file. */
  readonly integrity: string
  /** The files in the folder when all connections are closed. */
  readonly files: readonly string[]
}

/** A thread is killed at most this many milliseconds after it has begun. */
const LONGEST_LIFE = 30

if (isMainThread) console.log(JSON.stringify(await main(process.argv[2]!, Number(process.argv[3]))))
else work(workerData as KillsThreadData)

async function main(folder: string, wanted: number): Promise<Left> {
  const path = join(folder, 'sessions.db')
  const memory = allocateSessionStore({ capacity: KEPT.length + POOL.length + 3 * wanted, metadataBytes: 64 })
  const words = new Int32Array(new SharedArrayBuffer(16))
  const database = openSqlite(path)
  const sessions = new SessionManager(memory, { database })
  for (const id of KEPT) {
    sessions.createSession('u', 'n', { id })
    database.store(id, rowOf(Atomics.add(words, WORD.version, 1) + 2))
    sessions.refreshFromDatabase(id)
  }
  const start = (role: KillsThreadData['role']): Worker => {
    const data: KillsThreadData = { memory, words, path, role }
    return new Worker(fileURLToPath(import.meta.url), { workerData: data, execArgv: [] })
  }
  const survivor = start('survivor')
  let kills = 0
  let inside = 0
  for (; inside < wanted; kills++) {
    if (await killInside(start('victim'), sessions, words)) inside++
    await goesOn(words)
  }
  Atomics.store(words, WORD.stop, 1)
  await once(survivor, 'exit')
  while (sessions.runCleanup().cleaned > 0);
  const left = { kills, inside, problems: sessions.verify(), unmatched: unmatched(sessions, database) }
  const torn = tornIn(sessions, database)
  database.close()
  const rowsTooMany = Number(answerOf(path, 'SELECT count(*) AS answer FROM sessions')) - sessions.getActiveCount()
  return {
    ...left,
    torn,
    rowsTooMany,
    integrity: String(answerOf(path, 'SELECT integrity_check AS answer FROM pragma_integrity_check')),
    files: readdirSync(folder),
  }
}

/** Kills a thread and recovers it; returns whether it was inside a call of the database. */
async function killInside(victim: Worker, sessions: SessionManager, words: Int32Array): Promise<boolean> {
  sessions.attend(victim)
  await once(victim, 'message')
  await sleep(Math.random() * LONGEST_LIFE)
  await victim.terminate()
  return Atomics.exchange(words, WORD.inside, 0) === 1
}

/** Waits until the survivor has done one round more. */
async function goesOn(words: Int32Array): Promise<void> {
  const before = Atomics.load(words, WORD.rounds)
  while (Atomics.load(words, WORD.rounds) === before) await sleep(1)
}

function unmatched(sessions: SessionManager, database: Database): string[] {
  return POOL.filter((id) => (sessions.getSession(id) === undefined) !== (database.fetch(id) === undefined))
}

function tornIn(sessions: SessionManager, database: Database): string[] {
  return KEPT.filter((id) => {
    const session = sessions.getSession(id)!
    const row = database.fetch(id)!
    return !isWhole(session, session.version) || !isWhole(row.data, row.version)
  })
}

/** Whether all data are those of one row. */
function isWhole(data: ReturnType<typeof rowOf>['data'], version: number): boolean {
  const { metadata, ...whole } = rowOf(version).data
  const parts = Object.keys(whole) as (keyof typeof whole)[]
  return (
    parts.every((part) => data[part] === whole[part]) &&
    JSON.stringify([...data.metadata]) === JSON.stringify([...metadata])
  )
}

function answerOf(path: string, question: string): unknown {
  const connection = sqliteDriver().open(path)
  const { answer } = connection.prepare(question).get() as { answer: unknown }
  connection.close()
  return answer
}
