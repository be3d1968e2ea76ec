/** The worker of a bench. It does what the lab's worker does, and finds the loads of the benches as well as those of the lessons. */
import { findBug } from '../../src/lab/lessons/index.ts'
import { runTask } from '../../src/stress/run-task.ts'
import type { Task, TaskResult } from '../../src/stress/task.ts'
import { loads } from '../loads/index.ts'

export default function work(task: Task): TaskResult {
  return runTask(loads.get(task.load) ?? findBug(task.load).load, task)
}

export { ready } from '../../src/stress/ready.ts'
