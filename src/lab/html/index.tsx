/** The reports, each as one HTML file: data in, text out. */
import type { Lesson } from '../lessons/lesson.ts'
import type { LessonResult } from '../run-thread-lesson.ts'
import { Checked } from './checked.tsx'
import type { ShownCheck } from './checked.tsx'
import { htmlDocument } from '../../html/document.tsx'
import type { Heading } from '../../html/document.tsx'
import { Explored } from '../../html/explored.tsx'
import type { ShownExploration } from '../../html/explored.tsx'
import { LessonRun } from './lesson-run.tsx'
import { Stressed } from '../../html/stressed.tsx'
import type { ShownSample } from '../../html/stressed.tsx'

/** A lesson that was run. */
export interface ShownRun {
  readonly lesson: Lesson
  readonly result: LessonResult
}

/** A bench's answer as text, and its plots as one SVG document. */
export interface ShownAnswers {
  readonly answers: readonly { readonly name: string; readonly question: string; readonly text: string }[]
  readonly plots: string | undefined
}

export function runsHtml(heading: Heading, runs: readonly ShownRun[]): string {
  return htmlDocument(
    heading,
    runs.map(({ lesson, result }) => <LessonRun key={lesson.name} {...{ lesson, result }} />),
  )
}

export function exploredHtml(heading: Heading, explored: readonly ShownExploration[]): string {
  return htmlDocument(
    heading,
    explored.map((each, index) => <Explored key={index} {...each} />),
  )
}

export function stressedHtml(heading: Heading, samples: readonly ShownSample[]): string {
  return htmlDocument(
    heading,
    samples.map((each, index) => <Stressed key={index} {...each} />),
  )
}

export function checkedHtml(heading: Heading, checks: readonly ShownCheck[]): string {
  return htmlDocument(
    heading,
    checks.map((each, index) => <Checked key={index} {...each} />),
  )
}

/** The whole lab: for each bug what happened on threads, and then what every schedule shows. */
export function labHtml(heading: Heading, runs: readonly ShownRun[], explored: readonly ShownExploration[]): string {
  return htmlDocument(heading, [
    ...runs.map(({ lesson, result }) => <LessonRun key={lesson.name} {...{ lesson, result }} />),
    <section key="explored">
      <h2>Every schedule</h2>
      <p class="prose">Each bug's smallest instance, explored in every interleaving that can matter.</p>
      {explored.map((each, index) => (
        <Explored key={index} {...each} />
      ))}
    </section>,
  ])
}

export function answersHtml(heading: Heading, { answers, plots }: ShownAnswers): string {
  return htmlDocument(heading, [
    ...answers.map(({ name, question, text }) => (
      <section key={name}>
        <h2>{name}</h2>
        <p>{question}</p>
        <pre>{text}</pre>
      </section>
    )),
    plots === undefined ? undefined : (
      // racelab's own drawing, in which texts are escaped.
      <section key="plots" class="wide" dangerouslySetInnerHTML={{ __html: plots }} />
    ),
  ])
}
