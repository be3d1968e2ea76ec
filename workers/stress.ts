/** The entry of a stress run's threads: each takes a task, which is one worker's part of a lesson's load. */
import { findThreadLesson } from '../src/lab/lessons/index.ts'
import { runTask } from '../src/stress/run-task.ts'
import type { Task, TaskResult } from '../src/stress/task.ts'

/** Does a task. */
export default function stress(task: Task): TaskResult {
  return runTask(findThreadLesson(task.load).load, task)
}

export { ready } from '../src/stress/ready.ts'
