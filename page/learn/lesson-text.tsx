/** A lesson, in the order of `lab explain`: story, timeline, cause, fixes, and a fix that does not hold. */
import { useEffect, useRef } from 'preact/hooks'
import type { Lesson, ThreadLesson } from '../../src/lab/lessons/lesson.ts'
import { Lanes } from '../lanes/lanes.tsx'
import { Interleaving } from './interleaving.tsx'
import { linksTo } from './links.ts'

/** Whether a lesson was shown before in this page. */
let wasShown = false

export function LessonText({ lesson }: { readonly lesson: Lesson }) {
  const head = useRef<HTMLHeadingElement>(null)
  // The link that led from one lesson to the next is gone with the last lesson, and the focus with it.
  useEffect(() => {
    if (wasShown) head.current?.focus()
    wasShown = true
  }, [])
  const { title, lesson: story, agent = 'Thread' } = lesson
  const { noReturn } = story
  return (
    <>
      <h1 ref={head} tabIndex={-1}>
        {title}
      </h1>
      <p class="story">{story.story}</p>
      <Links lesson={lesson} />
      <h2>How it goes wrong</h2>
      <Lanes
        caption={`The schedule that fails: ${title}`}
        agents={[`${agent} 1`, `${agent} 2`]}
        rows={story.timeline.map(([one, two, store], time) => ({ time: `t${time}`, steps: [one, two], store }))}
        noReturn={
          noReturn === undefined
            ? undefined
            : { row: noReturn, words: `No return: from t${noReturn} on, every continuation fails.` }
        }
      />
      <p>{story.outcome}</p>
      <h2>Why</h2>
      <p>{story.why}</p>
      <h2>What holds</h2>
      <p>{story.fixes}</p>
      <h2>What does not hold</h2>
      <p>{story.trap}</p>
      <h2>Variants</h2>
      <Variants lesson={lesson} />
      {hasScenario(lesson) ? <Interleaving key={lesson.name} lesson={lesson} /> : undefined}
    </>
  )
}

function hasScenario(lesson: Lesson): lesson is ThreadLesson {
  return 'scenario' in lesson && lesson.scenario !== undefined
}

function Links({ lesson }: { readonly lesson: Lesson }) {
  const links = linksTo(lesson)
  if (links.length > 0) {
    return (
      <p class="ways">
        {links.map(({ words, href }) => (
          <a href={href}>{words}</a>
        ))}
      </p>
    )
  }
  return (
    <p class="faint">
      Its agents are requests to a real server, which a page cannot start. In a terminal:{' '}
      <code>npx racelab --bug {lesson.name}</code>
    </p>
  )
}

function Variants({ lesson: { variants, title } }: { readonly lesson: Lesson }) {
  return (
    <dl class="variants" aria-label={`Variants of ${title}`}>
      {variants.map(({ name, sound, summary }) => (
        <div>
          <dt>{name}</dt>
          <dd class={sound ? 'good' : 'odd'}>declared {sound ? 'sound' : 'broken'}</dd>
          <dd>{summary}</dd>
        </div>
      ))}
    </dl>
  )
}
