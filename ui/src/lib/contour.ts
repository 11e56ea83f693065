/** A surface through scattered points, and lines of equal height on it. Places are parts from 0 to 1. */

export interface Point {
  x: number;
  y: number;
  z: number;
}

interface Surface {
  columns: number;
  rows: number;
  /** Row by row from y = 0. */
  values: Float64Array;
}

const REACH = 0.03; // how near two points must be to blend rather than to stand out; about a cell

/** Inverse distance weighting (Shepard 1968) at the corners of a grid. */
export function surfaceOf(points: readonly Point[], columns: number, rows: number): Surface {
  const values = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x, y] = [column / (columns - 1), row / (rows - 1)];
      let [sum, weights] = [0, 0];
      for (const point of points) {
        const [right, up] = [point.x - x, point.y - y];
        const away = right * right + up * up + REACH * REACH;
        const weight = 1 / (away * Math.sqrt(away)); // ** 1.5 takes four times as long
        sum += weight * point.z;
        weights += weight;
      }
      values[row * columns + column] = sum / weights;
    }
  }
  return { columns, rows, values };
}

type Segment = [x1: number, y1: number, x2: number, y2: number];

/** The line on which the surface has a height, in pieces (marching squares, Lorensen and Cline 1987 in two dimensions). */
export function isoline({ columns, rows, values }: Surface, height: number): Segment[] {
  const at = (column: number, row: number) => values[row * columns + column] as number;
  const segments: Segment[] = [];
  for (let row = 0; row < rows - 1; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      const corners = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ] as const;
      const crossings = corners.flatMap(([x1, y1], side) => {
        const [x2, y2] = corners[(side + 1) % 4] as readonly [number, number];
        const [a, b] = [at(x1, y1), at(x2, y2)];
        if (a < height === b < height) return [];
        const part = (height - a) / (b - a);
        return [[(x1 + part * (x2 - x1)) / (columns - 1), (y1 + part * (y2 - y1)) / (rows - 1)] as const];
      });
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const [from, to] = [crossings[pair], crossings[pair + 1]];
        if (from && to) segments.push([...from, ...to]);
      }
    }
  }
  return segments;
}
