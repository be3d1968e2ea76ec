/** The entry of a run's threads, as `workers/stress.ts` is in Node: each takes a task, which is one worker's part of a lesson's load. */
import '../../node/globals.ts'
import { findThreadLesson } from '../../../src/lab/lessons/index.ts'
import { runTask } from '../../../src/stress/run-task.ts'
import type { Task } from '../../../src/stress/task.ts'
import type { ThreadReply } from './messages.ts'

const reply = globalThis.postMessage.bind(globalThis) as (reply: ThreadReply) => void

addEventListener('message', ({ data: task }: MessageEvent<Task>) => {
  try {
    reply({ kind: 'done', result: runTask(findThreadLesson(task.load).load, task) })
  } catch (thrown) {
    reply({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
})
reply({ kind: 'ready' })
