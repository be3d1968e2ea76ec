/** The scenarios of the lab's bugs, for `lab explore`, `lab stress` and `lab replay`. */
import { findThreadLesson, findVariant, lessons, threadLessons } from '../lessons/index.ts'
import type { ThreadLesson } from '../lessons/lesson.ts'
import { COMMAND } from './command.ts'
import { NoScenarioError } from './subject.ts'
import type { Subject } from './subject.ts'

/** Returns whether a bug that runs on threads has this name. */
export function isBug(name: string): boolean {
  return threadLessons.some((lesson) => lesson.name === name)
}

/** Returns the subject that a token names, for example `lost-update/buggy`. Throws UnknownNameError or NoScenarioError. */
export function subjectOfId(id: string): Subject {
  const [bug = '', variant = ''] = id.split('/')
  const [subject] = subjectsOfLesson(findThreadLesson(bug), variant)
  return subject!
}

/** Returns the variants of a bug, or the one with this name. Throws UnknownNameError or NoScenarioError. */
export function subjectsOfBug(target: string, variant: string | undefined): Subject[] {
  if (lessons.some(({ name }) => name === target) && !threadLessons.some(({ name }) => name === target)) {
    throw new NoScenarioError(`${target} takes a real server and has no scenario. Run it: ${COMMAND} --bug ${target}`)
  }
  return subjectsOfLesson(findThreadLesson(target), variant)
}

function subjectsOfLesson(lesson: ThreadLesson, name: string | undefined): Subject[] {
  const { scenario } = lesson
  if (scenario === undefined) throw new NoScenarioError(`The bug ${lesson.name} has no scenario to explore.`)
  const chosen = name === undefined ? lesson.variants : [findVariant(lesson, name)]
  return chosen.map((variant) => ({
    scenario: scenario(variant.name),
    variant: variant.name,
    id: `${lesson.name}/${variant.name}`,
    source: { kind: 'bug', bug: lesson.name, variant: variant.name },
    sound: variant.sound,
  }))
}
