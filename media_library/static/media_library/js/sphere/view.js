/** Draws a part of a sphere from an equirectangular picture or film, with WebGL 2, as somebody in its middle sees it. */

const VERTICES = `#version 300 es
void main() {
  // One triangle over everything.
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENTS = `#version 300 es
precision highp float;
const float PI = 3.14159265359;
uniform sampler2D picture;
uniform vec2 size;
uniform vec2 look;
uniform float zoom;
uniform vec4 area;
uniform vec2 eye;
out vec4 colour;
void main() {
  vec3 ray = normalize(vec3((gl_FragCoord.xy * 2.0 - size) / size.y * zoom, 1.0));
  float c = cos(look.y), s = sin(look.y);
  ray = vec3(ray.x, ray.y * c + ray.z * s, ray.z * c - ray.y * s);
  float longitude = look.x + atan(ray.x, ray.z);
  vec2 place = vec2(fract(longitude / (2.0 * PI) + 0.5), 0.5 - asin(clamp(ray.y, -1.0, 1.0)) / PI);
  place = (place - area.xy) / area.zw;
  bool inside = all(greaterThanEqual(place, vec2(0.0))) && all(lessThanEqual(place, vec2(1.0)));
  colour = vec4(inside ? texture(picture, place * eye).rgb : vec3(0.0), 1.0);
}`;

/** Of two views in one picture, the first one is shown: how much of its width and height that is. */
const FIRST_VIEW = { mono: [1, 1], 'top-bottom': [1, 0.5], 'left-right': [0.5, 1] };

const TURN = 2 * Math.PI;
const WIDEST = 1.75;
const NARROWEST = 0.45;
const START = 1.3;

function compile(gl, kind, source) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

export class SphereView {
  /**
   * `area` are left, top, width and height as fractions of the sphere. Angles are radians, 0 is the middle of the sphere;
   * upwards and to the right are positive. Throws where there is no WebGL 2.
   */
  constructor(canvas, area, stereo) {
    this.canvas = canvas;
    this.area = area;
    this.gl = canvas.getContext('webgl2', { antialias: false, alpha: false });
    if (!this.gl) throw new Error('There is no WebGL 2 here.');
    this.program = this.link();
    this.size = this.place('size');
    this.gl.uniform4fv(this.place('area'), area);
    this.gl.uniform2fv(this.place('eye'), FIRST_VIEW[stereo] ?? FIRST_VIEW.mono);
    this.prepareTexture(area[2] > 0.999 && stereo !== 'left-right');
    this.reset();
  }

  link() {
    const { gl } = this;
    const program = gl.createProgram();
    gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTICES));
    gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENTS));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    return program;
  }

  place(name) {
    return this.gl.getUniformLocation(this.program, name);
  }

  prepareTexture(goesAround) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    // So that the last column goes over into the first one.
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, goesAround ? gl.REPEAT : gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  /** Look to the middle of what there is. */
  reset() {
    const [left, top, width, height] = this.area;
    this.yaw = (left + width / 2 - 0.5) * TURN;
    this.pitch = (0.5 - top - height / 2) * Math.PI;
    this.angle = START;
    this.draw();
  }

  /** Take over the picture, or what a film shows just now. Throws for what another host doesn't let us read. */
  show(source) {
    const { gl } = this;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, this.fitting(source));
    this.draw();
  }

  /** Graphics cards take pictures up to a size of theirs. */
  fitting(source) {
    const largest = this.gl.getParameter(this.gl.MAX_TEXTURE_SIZE);
    const { naturalWidth: width, naturalHeight: height } = source;
    if (!width || Math.max(width, height) <= largest) return source;
    const scale = largest / Math.max(width, height);
    const smaller = new OffscreenCanvas(Math.floor(width * scale), Math.floor(height * scale));
    smaller.getContext('2d').drawImage(source, 0, 0, smaller.width, smaller.height);
    return smaller;
  }

  turn(right, up) {
    this.yaw += right;
    this.pitch += up;
    this.draw();
  }

  /** How much is seen at once: more than 1 is more. */
  widen(factor) {
    this.angle = Math.min(WIDEST, Math.max(NARROWEST, this.angle * factor));
    this.draw();
  }

  /** Radians that the height of the canvas shows. */
  get seen() {
    return this.angle;
  }

  resize(width, height) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.draw();
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.drawNow();
    });
  }

  drawNow() {
    const { gl, canvas } = this;
    if (!canvas.width || !canvas.height) return;
    this.stayInside();
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.uniform2f(this.size, canvas.width, canvas.height);
    gl.uniform2f(this.place('look'), this.yaw, this.pitch);
    gl.uniform1f(this.place('zoom'), Math.tan(this.angle / 2));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Nobody looks beyond the edge of what there is, as far as that can be. */
  stayInside() {
    const [left, top, width, height] = this.area;
    const across = 2 * Math.atan((Math.tan(this.angle / 2) * this.canvas.width) / this.canvas.height);
    if (width < 0.999) this.yaw = between(this.yaw, (left - 0.5) * TURN, width * TURN, across);
    const floor = (0.5 - top - height) * Math.PI;
    this.pitch = between(this.pitch, floor, height * Math.PI, height < 0.999 ? this.angle : 0);
  }
}

/** The value in the middle of something `seen` wide that stays within `room` from `start` on. */
function between(value, start, room, seen) {
  const edge = Math.min(room, seen) / 2;
  return Math.min(start + room - edge, Math.max(start + edge, value));
}
