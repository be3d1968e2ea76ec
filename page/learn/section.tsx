/** The section "learn": the lessons of the lab, one at a time. */
import { findLesson, lessons, UnknownNameError } from '../../src/lab/lessons/index.ts'
import type { Lesson } from '../../src/lab/lessons/lesson.ts'
import type { SectionProps } from '../shell.tsx'
import { LessonText } from './lesson-text.tsx'
import './learn.css'

export function Learn({ state }: SectionProps) {
  const { lesson, complaint } = lessonIn(state)
  const next = lessons[lessons.indexOf(lesson) + 1]
  return (
    <div class="learn">
      <nav aria-label="Lessons">
        <ol>
          {lessons.map(({ name, title }) => (
            <li>
              <a href={`#/learn?bug=${name}`} aria-current={name === lesson.name ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <article>
        {complaint === undefined ? undefined : <p class="alert">{complaint}</p>}
        <LessonText lesson={lesson} />
        {next === undefined ? undefined : (
          <p class="next">
            Next: <a href={`#/learn?bug=${next.name}`}>{next.title}</a>
          </p>
        )}
      </article>
    </div>
  )
}

/** Returns the lesson that the address names; the first one, with a sentence, if it names none that exists. */
function lessonIn(state: URLSearchParams): { readonly lesson: Lesson; readonly complaint?: string } {
  const name = state.get('bug')
  if (name === null) return { lesson: lessons[0]! }
  try {
    return { lesson: findLesson(name) }
  } catch (unknown) {
    if (!(unknown instanceof UnknownNameError)) throw unknown
    return { lesson: lessons[0]!, complaint: unknown.message }
  }
}
