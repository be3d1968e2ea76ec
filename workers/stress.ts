/** The thread of a stress run: takes a task and does its part of the lesson's load. */
import { findBug } from '../src/lab/lessons/index.ts'
import { runTask } from '../src/stress/run-task.ts'
import type { Task, TaskResult } from '../src/stress/task.ts'

export default function stress(task: Task): TaskResult {
  return runTask(findBug(task.load).load, task)
}

export { ready } from '../src/stress/ready.ts'
