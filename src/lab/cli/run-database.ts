/** Which database lies behind the store in a run of several lessons. */
import { SqliteMissingError, sqliteDriver } from '../../store/database/sqlite-driver.ts'
import type { DatabaseKind } from '../databases/place.ts'
import type { Lesson } from '../lessons/lesson.ts'
import { runsOnThreads } from '../run-lessons.ts'

/**
 * Returns the database that is asked for; undefined for the default of each lesson. If a default is SQLite and this Node has none,
 * all lessons use shared memory, and a line on stderr says so.
 */
export function databaseOf(asked: DatabaseKind | undefined, lessons: readonly Lesson[]): DatabaseKind | undefined {
  if (asked !== undefined) return asked
  const names = lessons.filter(usesSqlite).map(({ name }) => name)
  if (names.length === 0) return undefined
  try {
    sqliteDriver()
    return undefined
  } catch (missing) {
    if (!(missing instanceof SqliteMissingError)) throw missing
    process.stderr.write(`The database of ${names.join(', ')} is in shared memory. ${missing.message}\n`)
    return 'memory'
  }
}

function usesSqlite(lesson: Lesson): boolean {
  return runsOnThreads(lesson) && lesson.load.database === 'sqlite'
}
