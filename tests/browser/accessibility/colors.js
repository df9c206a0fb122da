// Colours as they are seen, [red, green, blue, alpha], and how well one stands out from another.
const parent = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
// Painted, for computed colours may be in any notation.
const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const seen = new Map();
const read = (color) => {
  if (seen.has(color)) return seen.get(color);
  brush.canvas.width = 1;
  brush.fillStyle = '#010203';
  brush.fillStyle = color;
  if (brush.fillStyle === '#010203') throw new Error(`no colour that is known here: ${color}`);
  brush.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
  seen.set(color, [r, g, b, a / 255]);
  return seen.get(color);
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const paper = (element) => {
  if (!element) return [255, 255, 255, 1];
  const { backgroundColor, backgroundImage } = getComputedStyle(element);
  if (backgroundImage !== 'none') throw new Error(`a picture behind ${element.className}`);
  const own = read(backgroundColor);
  return own[3] === 1 ? own : over(own, paper(parent(element)));
};
const luminance = (color) => {
  const [r, g, b] = color.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
