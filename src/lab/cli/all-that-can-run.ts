/** Which lessons of the lab can run here. */
import { lessons } from '../lessons/index.ts'
import type { Lesson } from '../lessons/lesson.ts'
import { PackageMissingError, loadPackages } from '../requests/packages.ts'
import { runsOnThreads } from '../run-lessons.ts'

/** Returns all lessons. Those that need a package that is not installed are left out, with a line on stderr. */
export async function allThatCanRun(): Promise<readonly Lesson[]> {
  try {
    await loadPackages()
    return lessons
  } catch (missing) {
    if (!(missing instanceof PackageMissingError)) throw missing
    const [running, left] = [lessons.filter(runsOnThreads), lessons.filter((lesson) => !runsOnThreads(lesson))]
    process.stderr.write(`Left out: ${left.map(({ name }) => name).join(', ')}. ${missing.message}\n`)
    return running
  }
}
