// Draws the bubbles and the strip below them on their canvases: stance by colour, mark and pattern.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const PLAIN_FROM_PIXELS = 5, MARK_FROM_PIXELS = 9, CAPTION_FROM_PIXELS = 16, ALWAYS_CAPTIONED = 3, MOST_CAPTIONS = 9;
  // Light fades evenly to the eye where it falls by less than what it stands for (Stevens 1957).
  const SHADED = 0.6;
  // Small circles of nearly the same strength are drawn in one go.
  const STRENGTHS = 8;
  const COLOURS = ["--support", "--deny", "--query", "--comment", "--none"];

  // The tokens of the theme in view.
  function inks() {
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(name).trim();
    return {
      stances: COLOURS.map(token), ink: token("--ink"), quiet: token("--ink-quiet"), ring: token("--ring"),
      ground: token("--ground"), raised: token("--raised"), accent: token("--accent"), surface: token("--surface"),
      attention: token("--attention"), font: style.getPropertyValue("--font").trim(),
    };
  }

  // A canvas of the size it has on the screen, in device pixels; its drawing goes by screen pixels.
  function sized(canvas) {
    const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, box.width, box.height);
    return { pen, width: box.width, height: box.height };
  }

  // Denials are hatched and questions dotted, so that colour is not all.
  function patterns(pen, colours, ground) {
    return colours.map((colour, stance) => {
      if (stance !== 1 && stance !== 2) return colour;
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const brush = tile.getContext("2d");
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 8, 8);
      brush.strokeStyle = brush.fillStyle = ground;
      brush.globalAlpha = 0.45;
      brush.lineWidth = 1.5;
      if (stance === 1) {
        for (const shift of [-8, 0, 8]) { brush.beginPath(); brush.moveTo(shift, 8); brush.lineTo(shift + 8, 0); brush.stroke(); }
      } else {
        brush.beginPath(); brush.arc(4, 4, 1.6, 0, 2 * Math.PI); brush.fill();
      }
      return pen.createPattern(tile, "repeat");
    });
  }

  // How the plain is put on the canvas: all circles fit, moved and enlarged as the viewer asks.
  function fitted(picture, width, height, view) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y, reach] of picture.circles) {
      left = Math.min(left, x - reach); right = Math.max(right, x + reach);
      top = Math.min(top, y - reach); bottom = Math.max(bottom, y + reach);
    }
    const scale = 0.94 * Math.min(width / (right - left), height / (bottom - top)) * view.zoom;
    return {
      scale,
      x: (x) => width / 2 + (x - (left + right) / 2) * scale + view.x,
      y: (y) => height / 2 + (y - (top + bottom) / 2) * scale + view.y,
    };
  }

  // Draws how all stands; gives what can be hit: circles with their place on the screen.
  function drawPicture(canvas, picture, standing, view, chosen) {
    const { pen, width, height } = sized(canvas), ink = inks();
    if (!picture.circles.length) return { groups: [], posts: [] };
    const to = fitted(picture, width, height, view), fills = patterns(pen, ink.stances, ink.ground);
    const groups = standing.groups.map((group, place) => {
      const ring = grapevine.bubblesPicture.ringOf(group);
      return { place, x: to.x(ring.x), y: to.y(ring.y), r: ring.r * to.scale, loud: group.loud, group };
    }).filter((one) => one.group.scale > 0);
    drawGroups(pen, picture, groups, ink, chosen);
    const posts = standing.shown.map(({ post, place, strength }) => {
      const { x, y, r } = grapevine.bubblesPicture.placeOf(picture, standing.groups[place], place, post);
      return { post, place, shade: strength ** SHADED, x: to.x(x), y: to.y(y), r: Math.max(1.2, r * to.scale) };
    }).filter((one) => one.x > -one.r && one.x < width + one.r && one.y > -one.r && one.y < height + one.r);
    drawSmall(pen, picture, posts.filter((one) => one.r < PLAIN_FROM_PIXELS), ink);
    for (const one of posts) if (one.r >= PLAIN_FROM_PIXELS) drawLarge(pen, picture, one, ink, fills);
    pen.globalAlpha = 1;
    drawCaptions(pen, picture, groups, ink, { width, height }, chosen);
    return { groups, posts };
  }

  // A flow has the colour of its stance; a rumour has flows of every stance, and none of its own.
  function drawGroups(pen, picture, groups, ink, chosen) {
    for (const one of groups) {
      const stance = picture.links.length || one.group.loudest < 0 ? undefined : picture.stances[one.group.loudest];
      pen.beginPath();
      pen.arc(one.x, one.y, Math.max(2, one.r + 2), 0, 2 * Math.PI);
      pen.globalAlpha = 1;
      pen.fillStyle = ink.surface;
      pen.fill();
      if (stance !== undefined) { pen.globalAlpha = 0.1; pen.fillStyle = ink.stances[stance]; pen.fill(); }
      pen.globalAlpha = one.place === chosen ? 1 : 0.75 * one.group.scale ** SHADED;
      pen.lineWidth = one.place === chosen ? 3 : 1;
      pen.strokeStyle = one.place === chosen ? ink.accent : stance === undefined ? ink.ring : ink.stances[stance];
      pen.stroke();
    }
  }

  function drawSmall(pen, picture, posts, ink) {
    const alike = new Map();
    for (const one of posts) {
      // What officials post takes no side.
      const stance = picture.official[one.post] ? ink.stances.length : picture.stances[picture.flow[one.post]];
      const key = stance * STRENGTHS + Math.min(STRENGTHS - 1, Math.floor(one.shade * STRENGTHS));
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key).push(one);
    }
    for (const [key, some] of alike) {
      pen.beginPath();
      for (const one of some) { pen.moveTo(one.x + one.r, one.y); pen.arc(one.x, one.y, one.r, 0, 2 * Math.PI); }
      pen.fillStyle = ink.stances[Math.floor(key / STRENGTHS)] || ink.quiet;
      pen.globalAlpha = (key % STRENGTHS + 1) / STRENGTHS;
      pen.fill();
    }
  }

  function drawLarge(pen, picture, one, ink, fills) {
    const stance = picture.stances[picture.flow[one.post]], official = picture.official[one.post];
    const known = picture.followers[one.post] !== null;
    pen.globalAlpha = one.shade;
    pen.beginPath();
    pen.arc(one.x, one.y, one.r - 0.5, 0, 2 * Math.PI);
    if (known) {
      pen.fillStyle = official ? ink.surface : fills[stance];
      pen.fill();
    }
    pen.strokeStyle = official ? ink.ink : ink.stances[stance];
    pen.lineWidth = 1.2;
    pen.setLineDash(known ? [] : [3, 3]);
    pen.stroke();
    pen.setLineDash([]);
    if (official && one.r > 4) {
      pen.beginPath();
      pen.arc(one.x, one.y, one.r - 3.5, 0, 2 * Math.PI);
      pen.stroke();
    }
    if (one.r >= MARK_FROM_PIXELS && !official) {
      const size = Math.min(26, one.r * 0.9);
      pen.font = "700 " + size + "px " + ink.font;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      const mark = grapevine.data.bubbles.stances[stance][1];
      if (known) {
        pen.lineWidth = 3;
        pen.strokeStyle = ink.stances[stance];
        pen.strokeText(mark, one.x, one.y);
      }
      pen.fillStyle = known ? "#fff" : ink.ink;
      pen.fillText(mark, one.x, one.y);
    }
  }

  // The loudest wording beside each of the loudest circles, where it covers no other wording, and best no circle.
  function drawCaptions(pen, picture, groups, ink, size, chosen) {
    const taken = [];
    const loudest = groups.filter((one) => one.group.posts > 0)
      .sort((one, other) => (other.place === chosen) - (one.place === chosen) || other.loud - one.loud)
      .filter((one, place) => one.r >= CAPTION_FROM_PIXELS || place < ALWAYS_CAPTIONED);
    pen.font = "600 12px " + ink.font;
    pen.textBaseline = "top";
    for (const one of loudest) {
      if (taken.length >= MOST_CAPTIONS) break;
      const lines = wrapped(pen, picture.flows[one.group.loudest].text, Math.max(160, Math.min(240, one.r * 2)));
      const box = placed(one, lines.map((line) => pen.measureText(line).width), groups, taken, size, one.place === chosen);
      if (!box) continue;
      taken.push(box);
      pen.globalAlpha = 0.8;
      pen.fillStyle = ink.ground;
      pen.beginPath();
      pen.roundRect(box.x, box.y, box.w, box.h, 4);
      pen.fill();
      pen.globalAlpha = 1;
      pen.fillStyle = ink.ink;
      pen.textAlign = "center";
      lines.forEach((line, place) => pen.fillText(line, box.x + box.w / 2, box.y + 2 + place * 15));
    }
  }

  // Where a wording goes: below its circle, above, or beside it; null where each place is taken.
  function placed(one, widths, groups, taken, size, must) {
    const w = Math.max(...widths) + 8, h = widths.length * 15 + 4, gap = one.r + 4;
    const boxes = [
      [one.x - w / 2, one.y + gap], [one.x - w / 2, one.y - gap - h], [one.x + gap, one.y - h / 2], [one.x - gap - w, one.y - h / 2],
    ].map(([x, y]) => ({
      x: Math.min(Math.max(2, x), size.width - w - 2), y: Math.min(Math.max(2, y), size.height - h - 2), w, h,
    }));
    const free = boxes.filter((box) => !taken.some((other) => crosses(box, other)));
    if (!free.length) return must ? boxes[0] : null;
    const covers = (box) => groups.reduce((sum, other) => sum + covered(box, other), 0);
    return free.map((box) => [covers(box), box]).sort((some, others) => some[0] - others[0])[0][1];
  }

  // How much of a circle a box covers, about: what the squares round both have in common.
  const covered = (box, { x, y, r }) => Math.max(0, Math.min(box.x + box.w, x + r) - Math.max(box.x, x - r))
    * Math.max(0, Math.min(box.y + box.h, y + r) - Math.max(box.y, y - r));

  const crosses = (one, other) => one.x < other.x + other.w && other.x < one.x + one.w
    && one.y < other.y + other.h && other.y < one.y + one.h;

  // At most two lines; the second ends in "…" where there is more.
  function wrapped(pen, text, wide) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = (lines.at(-1) + " " + word).trim();
      if (pen.measureText(line).width <= wide || !lines.at(-1)) lines[lines.length - 1] = line;
      else if (lines.length === 2) { lines[1] += "…"; break; }
      else lines.push(word);
    }
    return lines.map((line) => {
      while (line.length > 4 && pen.measureText(line).width > wide + 20) line = line.slice(0, -5) + "…";
      return line;
    });
  }

  // Posts over time by stance, with gaps, corrections, captions and the playhead.
  function drawStrip(canvas, picture, moment, chosenMark) {
    const { pen, width, height } = sized(canvas), ink = inks();
    if (!picture.span) return;
    const [start, end] = picture.span, x = (second) => (second - start) / (end - start) * width;
    const top = 16, base = height - 16, bins = [];
    drawTicks(pen, picture, width, x, base, ink);
    // A bar is so many whole minutes: a finer one would leave gaps that no source left.
    const first = Math.floor(start / 60), minutes = Math.floor(end / 60) - first + 1;
    const each = Math.ceil(minutes / Math.max(1, Math.floor(width / 5)));
    for (const [minute, ...posts] of picture.minutes) {
      const bar = Math.max(0, Math.floor((minute - first) / each));
      const sums = bins[bar] || (bins[bar] = posts.map(() => 0));
      posts.forEach((number, stance) => { sums[stance] += number; });
    }
    const most = Math.max(1, ...bins.filter(Boolean).map((sums) => sums.reduce((sum, one) => sum + one, 0)));
    for (const [since, until] of picture.gaps) drawGap(pen, x(Math.max(start, since)), x(Math.min(end, until)), top, base, ink);
    const fills = patterns(pen, ink.stances, ink.surface);
    bins.forEach((sums, bar) => {
      const begins = (first + bar * each) * 60, from = x(begins), wide = x(begins + each * 60) - from;
      pen.globalAlpha = begins <= moment ? 1 : 0.35;
      let y = base;
      sums.forEach((number, stance) => {
        const tall = number / most * (base - top);
        pen.fillStyle = fills[stance];
        pen.fillRect(from, y - tall, Math.max(1, wide - 1), tall);
        y -= tall;
      });
    });
    pen.globalAlpha = 1;
    picture.marks.forEach((mark, place) => drawMark(pen, x(mark.at), mark, top, base, ink, place === chosenMark));
    pen.strokeStyle = ink.accent;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x(moment), 0);
    pen.lineTo(x(moment), height);
    pen.stroke();
  }

  function drawTicks(pen, picture, width, x, base, ink) {
    const ends = picture.span.map((second) => second * 1000), shown = grapevine.timeAxis.chosen(picture.ticks, ...ends, width);
    Object.assign(pen, { fillStyle: ink.quiet, strokeStyle: ink.quiet, lineWidth: 1, textBaseline: "top" });
    pen.font = "11px " + ink.font;
    shown.forEach(({ ms, text, under }, number) => {
      const place = x(ms / 1000), next = number + 1 < shown.length ? x(shown[number + 1].ms / 1000) : width;
      // The day stands beside its time where there is room before the next.
      const dated = under ? `${text}, ${under}` : text, label = pen.measureText(dated).width + 12 < next - place ? dated : text;
      const half = pen.measureText(label).width / 2;
      pen.beginPath();
      pen.moveTo(place, base);
      pen.lineTo(place, base + 3);
      pen.stroke();
      pen.textAlign = "center";
      pen.fillText(label, Math.min(width - half, Math.max(half, place)), base + 4);
    });
  }

  function drawGap(pen, from, until, top, base, ink) {
    if (until <= from) return;
    pen.save();
    pen.beginPath();
    pen.rect(from, top, until - from, base - top);
    pen.clip();
    pen.strokeStyle = ink.quiet;
    pen.globalAlpha = 0.4;
    pen.lineWidth = 1;
    for (let place = from - (base - top); place < until; place += 6) {
      pen.beginPath(); pen.moveTo(place, base); pen.lineTo(place + base - top, top); pen.stroke();
    }
    pen.restore();
  }

  function drawMark(pen, x, mark, top, base, ink, chosen) {
    pen.strokeStyle = pen.fillStyle = mark.kind === "correction" ? ink.ink : ink.attention;
    pen.lineWidth = chosen ? 2.5 : 1.5;
    pen.setLineDash(mark.kind === "correction" ? [5, 4] : []);
    pen.beginPath();
    pen.moveTo(x, 12);
    pen.lineTo(x, base);
    pen.stroke();
    pen.setLineDash([]);
    pen.font = "12px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText(mark.kind === "correction" ? "✓" : "⚑", Math.max(6, x), 0);
  }

  grapevine.bubblesCanvas = { drawPicture, drawStrip };
})();
