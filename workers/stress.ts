/** The thread of a stress run: takes a task, does its part of the bug's load. */
import { findBug } from '../src/lab/lessons/index.ts'
import { attend } from '../src/stress/attend.ts'
import type { Attendance, Task } from '../src/stress/task.ts'

export default function stress(task: Task): Attendance {
  return attend(findBug(task.bug).load, task)
}

export { muster } from '../src/stress/muster.ts'
