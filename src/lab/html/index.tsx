/** The reports, each as one HTML file: data in, text out. */
import type { Lesson } from '../lessons/lesson.ts'
import type { LessonResult } from '../run-thread-lesson.ts'
import { anchorOf, Contents } from './contents.tsx'
import { Checked } from './checked.tsx'
import type { ShownCheck } from './checked.tsx'
import { htmlDocument } from '../../html/document.tsx'
import type { Heading } from '../../html/document.tsx'
import { Explorations } from './explorations.tsx'
import type { ShownExplorations } from './explorations.tsx'
import { fitting } from './fitting.ts'
import { LessonRun } from './lesson-run.tsx'
import { Stressed } from '../../html/stressed.tsx'
import type { ShownSample } from '../../html/stressed.tsx'
import { Wide } from '../../html/wide.tsx'

/** A lesson that was run. */
export interface ShownRun {
  readonly lesson: Lesson
  readonly result: LessonResult
}

/** A bench's answer as text, and its plots as one SVG document. */
export interface ShownAnswer {
  readonly name: string
  readonly question: string
  readonly text: string
  readonly plots: string | undefined
}

const EVERY = 'Every schedule'

export function runsHtml(heading: Heading, runs: readonly ShownRun[]): string {
  return htmlDocument(heading, [
    runs.length > 1 ? <Contents key="contents" titles={runs.map(({ lesson }) => lesson.title)} /> : undefined,
    ...runs.map(({ lesson, result }) => <LessonRun key={lesson.name} {...{ lesson, result }} />),
  ])
}

export function exploredHtml(heading: Heading, explored: ShownExplorations): string {
  return fitting((detail) => htmlDocument(heading, <Explorations {...explored} detail={detail} />))
}

export function stressedHtml(heading: Heading, samples: readonly ShownSample[]): string {
  return fitting((detail) =>
    htmlDocument(
      heading,
      samples.map((each, index) => <Stressed key={index} {...each} detail={detail} />),
    ),
  )
}

export function checkedHtml(heading: Heading, checks: readonly ShownCheck[]): string {
  return htmlDocument(
    heading,
    checks.map((each, index) => <Checked key={index} {...each} />),
  )
}

/** The whole lab: for each bug what happened on threads, and then what every schedule shows. */
export function labHtml(heading: Heading, runs: readonly ShownRun[], explored: ShownExplorations): string {
  const lessons = runs.map(({ lesson, result }) => <LessonRun key={lesson.name} {...{ lesson, result }} />)
  return fitting((detail) =>
    htmlDocument(heading, [
      <Contents key="contents" titles={[...runs.map(({ lesson }) => lesson.title), EVERY]} />,
      ...lessons,
      <section key="explored" id={anchorOf(EVERY)}>
        <h2>{EVERY}</h2>
        <p class="prose">Each bug's smallest instance, explored in every interleaving that can matter.</p>
        <Explorations {...explored} detail={detail} />
      </section>,
    ]),
  )
}

export function answersHtml(heading: Heading, answers: readonly ShownAnswer[]): string {
  return htmlDocument(
    heading,
    answers.map(({ name, question, text, plots }) => (
      <section key={name}>
        <h2>{name}</h2>
        <p>{question}</p>
        <pre role="group" aria-label={`Answer: ${name}`} tabIndex={0}>
          {text}
        </pre>
        {plots === undefined ? undefined : (
          <Wide label={`Plots: ${name}`}>
            {/* racelab's own drawing, in which texts are escaped. */}
            <div dangerouslySetInnerHTML={{ __html: plots }} />
          </Wide>
        )}
      </section>
    )),
  )
}
