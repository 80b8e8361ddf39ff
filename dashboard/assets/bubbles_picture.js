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

  function empty() {
    return {
      layout: null, x: [], y: [], r: [], t: [], flow: [], followers: [], official: [], flows: [], circles: [], groups: [], names: [],
      links: [], stances: [], coded: {}, minutes: [], marks: [], gaps: [], span: null, order: [],
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
      "span"]) picture[name] = sent[name];
    const letters = grapevine.data.bubbles.stances.map(([name]) => name[0]);
    picture.stances = Array.from(sent.stances, (letter) => letters.indexOf(letter));
    // By time, since a playhead goes by time; the layout goes by arrival.
    picture.order = picture.t.map((_, place) => place).sort((one, other) => picture.t[one] - picture.t[other]);
    return picture;
  }

  // How all stands at a moment: per circle its scale and reach, per post its strength from 0 to 1.
  function at(picture, moment, halfLife) {
    const groups = picture.circles.map(([x, y]) => ({ x, y, reach: 0, all: 0, now: 0, scale: 0, posts: 0, loudest: -1, loud: 0 }));
    const shown = [];
    const loudness = new Map();
    for (const post of picture.order) {
      const age = moment - picture.t[post];
      if (age < 0) break;
      const flow = picture.flow[post], place = picture.flows[flow].group, group = groups[place];
      const [x, y, , firstX, firstY] = picture.circles[place];
      const area = picture.r[post] ** 2, strength = 2 ** (-age / halfLife);
      group.all += area;
      group.now += area * strength;
      if (strength >= FAINTEST) shown.push({ post, place, strength });
      const reach = Math.hypot(firstX + picture.x[post] - x, firstY + picture.y[post] - y) + picture.r[post];
      if (reach > group.reach) group.reach = reach;
      // What officials post is drawn, and is nobody's wording of the claim.
      if (picture.official[post]) continue;
      if (strength >= FAINTEST) group.posts += 1;
      const loud = (loudness.get(flow) || 0) + area * strength;
      loudness.set(flow, loud);
      if (loud > group.loud) { group.loud = loud; group.loudest = flow; }
    }
    for (const group of groups) group.scale = group.all ? Math.max(LEAST_SCALE, Math.sqrt(group.now / group.all)) : 0;
    return { groups, shown, loudness };
  }

  // Where a post is drawn, and how large, as its circle is scaled.
  function placeOf(picture, group, place, post) {
    const [x, y, , firstX, firstY] = picture.circles[place];
    return {
      x: x + (firstX + picture.x[post] - x) * group.scale,
      y: y + (firstY + picture.y[post] - y) * group.scale,
      r: picture.r[post] * group.scale,
    };
  }

  // Posts of the public from one moment up to another, by stance in the server's order.
  function counts(picture, from, until) {
    const sums = grapevine.data.bubbles.stances.map(() => 0);
    for (const [minute, ...posts] of picture.minutes) {
      const second = minute * 60;
      if (second > from - 60 && second <= until) posts.forEach((number, place) => { sums[place] += number; });
    }
    return sums;
  }

  grapevine.bubblesPicture = { empty, take, at, placeOf, counts };
})();
