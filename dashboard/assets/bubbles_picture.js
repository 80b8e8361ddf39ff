// The Reading the Riots picture as data: what the server laid out, and how it stands at a moment.
//
// A post fades by half with each half-life; a circle shrinks as the posts in it fade, as a whole, so that nothing in it
// overlaps. Lengths are in square roots of followers, times in seconds.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // A post fainter than this is gone.
  const FAINTEST = 0.04;
  // A circle whose posts have all gone is still this share of its size: a dot where something was.
  const LEAST_SCALE = 0.1;
  // A ring may go beyond the place that was laid out for it by a little of what is kept free round each.
  const ROOM = 1.01;

  function empty() {
    return {
      layout: null, x: [], y: [], r: [], t: [], flow: [], followers: [], official: [], flows: [], circles: [], groups: [], names: [],
      links: [], stances: [], coded: {}, minutes: [], marks: [], gaps: [], ticks: [], span: null, order: [],
    };
  }

  // What the server sent put together with what was here of the same layout.
  function take(before, sent) {
    const picture = sent.layout === before.layout ? before : empty();
    for (const column of ["x", "y", "t", "flow", "followers", "official"]) {
      picture[column].length = sent.from;
      picture[column].push(...sent[column]);
    }
    const { least, unknown } = grapevine.data.bubbles.followers;
    picture.r = picture.followers.map((one) => Math.sqrt(one === null ? unknown : Math.max(one, least)));
    picture.flows.length = sent.flowsFrom;
    picture.flows.push(...sent.flows.map(([group, text]) => ({ group, text })));
    for (const name of ["layout", "circles", "groups", "coded", "minutes", "names", "links", "marks", "gaps",
      "ticks", "span"]) picture[name] = sent[name];
    const letters = grapevine.data.bubbles.stances.map(([name]) => name[0]);
    picture.stances = Array.from(sent.stances, (letter) => letters.indexOf(letter));
    // By time, since a playhead goes by time; the layout goes by arrival.
    picture.order = picture.t.map((_, place) => place).sort((one, other) => picture.t[one] - picture.t[other]);
    return picture;
  }

  // How all stands at a moment: per circle its scale, middle and reach, per post its strength from 0 to 1.
  function at(picture, moment, halfLife) {
    const groups = picture.circles.map(([x, y]) => (
      { x, y, ringX: x, ringY: y, grown: 0, reach: 0, fromMiddle: 0, all: 0, now: 0, scale: 0, posts: 0, loudest: -1, loud: 0 }
    ));
    const shown = [], loudness = new Map();
    for (const post of picture.order) {
      const age = moment - picture.t[post];
      if (age < 0) break;
      const flow = picture.flow[post], place = picture.flows[flow].group, group = groups[place];
      const area = picture.r[post] ** 2, strength = 2 ** (-age / halfLife);
      group.all += area;
      group.now += area * strength;
      if (strength >= FAINTEST) shown.push({ post, place, strength });
      grow(group, layAt(picture, place, post), picture.r[post]);
      // What officials post is drawn, and is nobody's wording of the claim.
      if (picture.official[post]) continue;
      if (strength >= FAINTEST) group.posts += 1;
      const loud = (loudness.get(flow) || 0) + area * strength;
      loudness.set(flow, loud);
      if (loud > group.loud) { group.loud = loud; group.loudest = flow; }
    }
    for (const post of picture.order) {
      if (picture.t[post] > moment) break;
      const place = picture.flows[picture.flow[post]].group, group = groups[place], [x, y] = layAt(picture, place, post);
      group.reach = Math.max(group.reach, Math.hypot(x - group.ringX, y - group.ringY) + picture.r[post]);
      group.fromMiddle = Math.max(group.fromMiddle, Math.hypot(x - group.x, y - group.y) + picture.r[post]);
    }
    for (const [place, group] of groups.entries()) {
      group.scale = group.all ? Math.max(LEAST_SCALE, Math.sqrt(group.now / group.all)) : 0;
      keepWithin(group, picture.circles[place][2]);
    }
    return { groups, shown, loudness };
  }

  const layAt = (picture, place, post) => {
    const [, , , firstX, firstY] = picture.circles[place];
    return [firstX + picture.x[post], firstY + picture.y[post]];
  };

  // The ring of a flow swells by no more than a post that arrives outside of it asks for (Ritter 1990).
  function grow(group, [x, y], r) {
    const far = Math.hypot(x - group.ringX, y - group.ringY);
    if (group.grown && far + r <= group.grown) return;
    const grown = group.grown && far + group.grown > r ? (far + group.grown + r) / 2 : r;
    const step = grown === r ? 1 : (grown - group.grown) / far;
    group.ringX += (x - group.ringX) * step;
    group.ringY += (y - group.ringY) * step;
    group.grown = grown;
  }

  // It stays in the place that was laid out for it: as far towards its middle as that takes.
  function keepWithin(group, room) {
    const beyond = Math.hypot(group.ringX - group.x, group.ringY - group.y) + group.reach - group.fromMiddle;
    const share = beyond > 0 ? Math.min(1, Math.max(0, room * ROOM - group.fromMiddle) / beyond) : 1;
    group.ringX = group.x + (group.ringX - group.x) * share;
    group.ringY = group.y + (group.ringY - group.y) * share;
    group.reach = group.fromMiddle + (group.reach - group.fromMiddle) * share;
  }

  // Where a post is drawn, and how large, as its circle is scaled.
  function placeOf(picture, group, place, post) {
    const [x, y] = layAt(picture, place, post);
    return { ...scaled(group, x, y), r: picture.r[post] * group.scale };
  }

  const ringOf = (group) => ({ ...scaled(group, group.ringX, group.ringY), r: group.reach * group.scale });

  const scaled = (group, x, y) => ({ x: group.x + (x - group.x) * group.scale, y: group.y + (y - group.y) * group.scale });

  // Posts of the public from one moment up to another, by stance in the server's order.
  function counts(picture, from, until) {
    const sums = grapevine.data.bubbles.stances.map(() => 0);
    for (const [minute, ...posts] of picture.minutes) {
      const second = minute * 60;
      if (second > from - 60 && second <= until) posts.forEach((number, place) => { sums[place] += number; });
    }
    return sums;
  }

  grapevine.bubblesPicture = { empty, take, at, placeOf, ringOf, counts };
})();
