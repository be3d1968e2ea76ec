/** Operators on known values. What is not known to be a primitive may run code of its own when it is converted. */
import { isPrimitive, Made, Unknown } from './values.ts'

type Primitive = never

export function unary(operator: string, value: unknown): unknown {
  if (operator === 'void') return undefined
  if (value instanceof Unknown) return new Unknown()
  if (operator === '!') return !value
  if (operator === 'typeof') return value instanceof Made ? new Unknown() : typeof value
  if (!isPrimitive(value)) return new Unknown()
  const known = value as Primitive
  if (operator === '-') return -known
  return operator === '+' ? Number(known) : ~known
}

export function binary(operator: string, left: unknown, right: unknown): unknown {
  if (left instanceof Unknown || right instanceof Unknown) return new Unknown()
  if (operator === '===') return left === right
  if (operator === '!==') return left !== right
  const nullish = (value: unknown): boolean => value === null || value === undefined
  if (operator === '==' && (nullish(left) || nullish(right))) return nullish(left) && nullish(right)
  if (operator === '!=' && (nullish(left) || nullish(right))) return !(nullish(left) && nullish(right))
  if (!isPrimitive(left) || !isPrimitive(right)) return new Unknown()
  return arithmetic(operator, left as Primitive, right as Primitive)
}

function arithmetic(operator: string, left: Primitive, right: Primitive): unknown {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    case '**':
      return left ** right
    case '&':
      return left & right
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '<<':
      return left << right
    case '>>':
      return left >> right
    case '>>>':
      return left >>> right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left == right
    case '!=':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left != right
    default:
      return new Unknown()
  }
}
