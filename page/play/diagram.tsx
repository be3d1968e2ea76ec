/** The steps so far: a row a step, a lane an actor. */
import { stepText } from '../../src/explore/report/step-text.ts'
import type { Recording } from '../../src/explore/replay/recording.ts'

export function Diagram({ recording }: { readonly recording: Recording }) {
  const { actors, steps } = recording
  return (
    <table class="diagram">
      <thead>
        <tr>
          <th scope="col" class="figure">
            step
          </th>
          {actors.map((name, actor) => (
            <th key={name} scope="col" class={`lane-${actor}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {steps.map((step, index) => (
          <tr key={index} class={step.preempts ? 'preempts' : undefined}>
            <td class="figure">{index + 1}</td>
            {actors.map((name, actor) => (
              <td key={name} class={step.actor === actor ? `taken lane-${actor}` : undefined}>
                {step.actor === actor ? stepText(step, actors) : undefined}
                {step.actor === actor && step.preempts ? <small> preempts</small> : undefined}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
