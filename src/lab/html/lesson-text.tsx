/** The text of a lesson: its story, the timeline that fails, the cause, what holds and what does not. */
import type { Lesson } from '../lessons/lesson.ts'
import { Wide } from '../../html/wide.tsx'

export function LessonText({ lesson: { lesson, agent = 'Thread', variants } }: { readonly lesson: Lesson }) {
  return (
    <div class="lesson">
      <p class="prose">{lesson.story}</p>
      <h3>How it goes wrong</h3>
      <Wide label="Timeline">
        <table>
          <thead>
            <tr>
              <th scope="col">time</th>
              <th scope="col">{agent} 1</th>
              <th scope="col">{agent} 2</th>
              <th scope="col">store</th>
            </tr>
          </thead>
          <tbody>
            {lesson.timeline.map(([one, two, store], time) => (
              <tr key={time}>
                <td class="faint">t{time}</td>
                <td>{one}</td>
                <td>{two}</td>
                <td>
                  {store}
                  {time === lesson.noReturn ? <em class="bad"> From here on, every continuation fails.</em> : undefined}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="prose">{lesson.outcome}</p>
      <h3>Why</h3>
      <p class="prose">{lesson.why}</p>
      <h3>What holds</h3>
      <p class="prose">{lesson.fixes}</p>
      <h3>What does not hold</h3>
      <p class="prose">{lesson.trap}</p>
      <h3>Variants</h3>
      <dl>
        {variants.map(({ name, sound, summary }) => (
          <>
            <dt>
              {name}, declared {sound ? 'sound' : 'broken'}
            </dt>
            <dd>{summary}</dd>
          </>
        ))}
      </dl>
    </div>
  )
}
