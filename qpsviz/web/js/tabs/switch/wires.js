// The wires between the components of a switch: solid for classical light, dotted for qubits.

export function drawWires(painter, layout) {
  for (const wire of layout.wires) {
    painter.context.globalAlpha = wire.used ? 1 : 0.4;
    const apart = wire.kind === "both" ? 2.5 : 0;
    if (wire.kind !== "quantum") strokeWire(painter, wire.points, -apart, painter.tokens.header, []);
    if (wire.kind !== "classical") strokeWire(painter, wire.points, apart, painter.tokens.qubit, [2, 3]);
  }
  painter.context.globalAlpha = 1;
}

function strokeWire(painter, points, shift, color, dash) {
  const c = painter.context;
  // Two wires side by side must not cross at a corner: what goes down turns the other way.
  const aside = points.length < 3 ? 0 : points[points.length - 1][1] > points[0][1] ? -shift : shift;
  c.strokeStyle = color;
  c.lineWidth = 1.5;
  c.lineJoin = "round";
  c.setLineDash(dash);
  c.beginPath();
  points.forEach(([x, y], i) => (i ? c.lineTo(x + aside, y + shift) : c.moveTo(x + aside, y + shift)));
  c.stroke();
  c.setLineDash([]);
}

/** The wire by which the control unit lets the qubits go; bright while it does. */
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
