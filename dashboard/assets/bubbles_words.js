// The bubbles in words: the list of the moment shown, what is under the pointer, and the caption that the playhead
// passes.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const MOST_LISTED = 8;
  const words = () => grapevine.data.bubbles.words;
  const part = (name) => document.querySelector(`[data-page="bubbles"] [data-part="${name}"]`);
  const clock = (second, seconds) => grapevine.live.london(second * 1000, seconds);
  const number = (count) => Math.round(count).toLocaleString("en-GB");
  const counted = (posts) => `${number(posts)} ${posts === 1 ? words().post : words().posts}`;
  // The moment shown, in ISO 8601: what a caption is pinned to, and what a still is saved of.
  const momentShown = (state) => new Date(state.moment * 1000).toISOString();

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  function list(state) {
    const holder = part("list");
    if (!holder) return;
    const { picture, standing, moment, halfLife } = state;
    holder.querySelector("[data-part=moment]").textContent = clock(moment);
    const all = grapevine.bubblesPicture.counts(picture, picture.span[0] - 60, moment);
    const late = grapevine.bubblesPicture.counts(picture, moment - halfLife * 60, moment);
    const body = holder.querySelector("tbody");
    body.replaceChildren(...grapevine.data.bubbles.stances.map(([name], stance) => {
      const row = element("tr");
      const head = element("th");
      head.scope = "row";
      head.append(sign(stance), " " + name);
      row.append(head, element("td", number(late[stance])), element("td", number(all[stance])));
      return row;
    }));
    holder.querySelector("[data-part=latest]").textContent = words().latest.replace("{minutes}", number(halfLife));
    const loud = standing.groups.map((group, place) => ({ ...group, place })).filter((one) => one.posts > 0)
      .sort((one, other) => other.now - one.now);
    const items = loud.slice(0, MOST_LISTED).map((one) => {
      const item = element("li"), button = element("button", undefined, "bubble-line");
      button.type = "button";
      button.dataset.group = one.place;
      if (one.place === state.chosen) button.setAttribute("aria-current", "true");
      button.append(...flowWords(state, one.loudest));
      button.append(element("span", counted(one.posts), "quiet"));
      item.append(button);
      return item;
    });
    if (loud.length > MOST_LISTED) items.push(element("li", words().more.replace("{number}", number(loud.length - MOST_LISTED)), "quiet"));
    if (!items.length) items.push(element("li", words().quiet, "quiet"));
    const pin = part("pin");
    if (pin) pin.dataset.moment = momentShown(state);
    Object.assign(part("save").dataset, { moment: momentShown(state), half_life: String(state.halfLife) });
    const focused = document.activeElement && document.activeElement.dataset.group;
    const lines = holder.querySelector("[data-part=loudest]");
    lines.replaceChildren(...items);
    if (focused !== undefined) {
      const again = lines.querySelector(`[data-group="${focused}"]`);
      if (again) again.focus();
    }
    const caption = part("caption"), place = captionNow(state);
    const text = place === null ? "" : picture.marks[place].text;
    if (caption.textContent !== text) caption.textContent = text;
  }

  function flowWords(state, flow) {
    const { picture } = state, stance = picture.stances[flow];
    const [name] = grapevine.data.bubbles.stances[stance], mark = sign(stance);
    mark.title = `${name}, ${words().codedBy.replace("{who}", picture.coded[flow] || words().model)}`;
    mark.append(element("span", ` ${name}: `, "unseen"));
    return [mark, element("span", picture.flows[flow].text, "outside")];
  }

  function sign(stance) {
    const [name, mark] = grapevine.data.bubbles.stances[stance];
    const made = element("span", undefined, "stance-" + (stance < 4 ? name : "none"));
    made.append(element("span", mark, "mark"));
    return made;
  }

  // The caption or correction that the playhead has just passed.
  function captionNow(state) {
    const { picture, moment } = state, [start, end] = picture.span, lasts = Math.max(60, (end - start) / 30);
    let found = null;
    picture.marks.forEach((mark, place) => { if (moment >= mark.at && moment - mark.at <= lasts) found = place; });
    return found;
  }

  function tell(state, hit) {
    const tip = part("tip");
    if (!tip) return;
    tip.hidden = !hit || (!hit.post && !hit.group);
    if (tip.hidden) return;
    const { picture } = state, place = hit.post ? hit.post.place : hit.group.place;
    const flow = hit.post ? picture.flow[hit.post.post] : state.standing.groups[place].loudest;
    const lines = [];
    if (picture.names[place]) lines.push(element("strong", picture.names[place], "outside"));
    if (flow >= 0) {
      const wording = element("p");
      wording.append(...flowWords(state, flow));
      lines.push(wording);
    }
    if (hit.post) {
      const post = hit.post.post, followers = picture.followers[post];
      const following = followers === null ? words().unknown : words().followers.replace("{number}", number(followers));
      const facts = [clock(picture.t[post], true), following, picture.official[post] ? words().official : ""];
      lines.push(element("p", facts.filter(Boolean).join(" · "), "quiet"));
    } else {
      lines.push(element("p", counted(state.standing.groups[place].posts), "quiet"));
    }
    tip.replaceChildren(...lines);
    const box = part("canvas").getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(hit.x + 14, box.width - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.max(4, Math.min(hit.y + 14, box.height - tip.offsetHeight - 4)) + "px";
  }

  grapevine.bubblesWords = { list, tell, captionNow, clock };
})();
