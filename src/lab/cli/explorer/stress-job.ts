/** The job of `lab stress`, in the explorer's process. The globals are as they are: nothing is controlled. */
import { sample } from '../../../stress/samples/sampler.ts'
import { sampleSubject } from '../../../sampling/sample-subject.ts'
import { subjectsOf } from '../subjects.ts'
import { post } from './channel.ts'
import { INTERRUPTED } from './endings.ts'
import type { StressJob } from './messages.ts'

/**
 * Samples the target's scenario and posts the result, and on the way what was seen so far. Sampling ends when the first word of
 * `stop` becomes 1. `file`: the entry of the actors' threads. `onLoaded` is called once the target is loaded.
 */
export async function stressJob(job: StressJob, file: string, stop: Int32Array, onLoaded: () => void): Promise<void> {
  const { target, variant, time, samples, stuckAfter, compares } = job
  const [found] = await subjectsOf(target, variant)
  onLoaded()
  const { scenario, source } = found!
  const subject = sampleSubject(scenario)
  const result = await sample(subject, {
    file,
    source,
    timeMs: time === undefined ? Infinity : 1000 * time,
    samples: samples ?? Infinity,
    stuckMs: 1000 * stuckAfter,
    watchOutside: compares,
    onProgress(latest) {
      post({ kind: 'sampling', result: latest() })
      return Atomics.load(stop, 0) === 1 ? INTERRUPTED : undefined
    },
  })
  post({ kind: 'sampled', result })
}
