// The wires between the components of a switch: solid for classical light, dotted for qubits.
/** @import { Painter, Point, SwitchLayout } from "../../types.js" */

/** @param {Painter} painter @param {SwitchLayout} layout */
export function drawWires(painter, layout) {
  for (const wire of layout.wires) {
    painter.context.globalAlpha = wire.used ? 1 : 0.4;
    const apart = wire.kind === "both" ? 2.5 : 0;
    if (wire.kind !== "quantum") strokeWire(painter, wire.points, -apart, painter.tokens.header, []);
    if (wire.kind !== "classical") strokeWire(painter, wire.points, apart, painter.tokens.qubit, [2, 3]);
  }
  painter.context.globalAlpha = 1;
}

/** @param {Painter} painter @param {Point[]} points @param {number} shift @param {string} color @param {number[]} dash */
function strokeWire(painter, points, shift, color, dash) {
  const c = painter.context;
  // Two wires side by side must not cross at a corner: what goes down turns to the other side.
  const aside = points.length < 3 ? 0 : points[points.length - 1][1] > points[0][1] ? -shift : shift;
  c.strokeStyle = color;
  c.lineWidth = 1.5;
  c.lineJoin = "round";
  c.setLineDash(dash);
  c.beginPath();
  for (const [i, [x, y]] of points.entries()) {
    if (i) c.lineTo(x + aside, y + shift);
    else c.moveTo(x + aside, y + shift);
  }
  c.stroke();
  c.setLineDash([]);
}

/**
 * The wire by which the control unit lets the qubits go; bright while it does.
 * @param {Painter} painter @param {Point[]} command @param {boolean} bright
 */
export function drawCommand(painter, command, bright) {
  const color = bright ? painter.tokens.ink : painter.tokens["line-strong"];
  strokeWire(painter, command, 0, color, [4, 3]);
  const [x, y] = command[1];
  const c = painter.context;
  c.fillStyle = color;
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x - 3.5, y - 7);
  c.lineTo(x + 3.5, y - 7);
  c.fill();
}
