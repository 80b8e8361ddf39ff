// The cells of the board's list. Everything is text in React elements: nothing from a post becomes markup.

(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const make = (...given) => window.React.createElement(...given);
  const unseen = (text) => make("span", { className: "unseen", key: "unseen" }, text);
  const stances = () => window.grapevine.data.stances;

  // Who else is at the rumour stands before its claim.
  const here = (id) => {
    const found = window.grapevine.grid.presentAt(id);
    return found ? make("bdi", { className: "here-mark", key: "here", title: found.means }, found.mark) : null;
  };

  cells.ClaimCell = ({ data }) =>
    make("div", { className: "cell-claim", title: data.claim },
      here(data.id),
      make("span", { className: "claim-word", key: "word" }, "Claim: "),
      make("bdi", { dir: "auto", key: "text" }, data.claim),
      data.family ? unseen(" (" + data.family + ")") : null);

  // Above rumours that may be one claim: on the page of one of them they are merged or refused.
  cells.FamilyHeading = ({ data }) => {
    const open = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.grapevine.grid.open(data.rumour);
    };
    return make("div", { className: "family-heading", role: "gridcell" },
      make("span", { key: "words" }, data.heading),
      data.link ? make("a", { key: "link", href: data.path, onClick: open, "aria-label": data.linkName }, data.link) : null);
  };

  cells.StateCell = ({ data }) =>
    make("div", { className: "cell-two" },
      make("span", { className: "chip chip-" + data.state, key: "state" }, data.stateWord),
      data.owner
        ? make("bdi", { className: data.mine ? "cell-owner cell-mine" : "cell-owner", key: "owner", title: data.ownerWords }, data.owner)
        : make("span", { className: "unseen", key: "owner" }, data.ownerWords));

  cells.PerHourCell = ({ data }) =>
    make("span", { className: "cell-rate", title: data.growthWords },
      make("span", { key: "shown", "aria-hidden": "true" }, data.perHour + " " + data.arrow), unseen(data.growthWords));

  cells.SparklineCell = ({ data }) => {
    const width = 72, height = 24, most = Math.max(1, ...data.recent), step = width / data.recent.length;
    const bars = data.recent.map((posts, place) => {
      const tall = posts ? Math.max(2, (height * posts) / most) : 0.75;
      return make("rect", { key: place, x: place * step, y: height - tall, width: step - 0.8, height: tall,
        className: posts ? "spark-bar" : "spark-none" });
    });
    // A step of which posts are missing is hatched from top to bottom: no bar there says nothing.
    const missing = (data.missing || []).flatMap((gone, place) => !gone ? [] : [0, 1, 2].map((line) =>
      make("line", { key: "gone" + place + "-" + line, x1: place * step, y1: (line + 1) * height / 3, x2: (place + 1) * step,
        y2: line * height / 3, className: "spark-missing" })));
    return make("span", { className: "cell-spark", title: data.recentWords },
      make("svg", { key: "bars", width, height, viewBox: "0 0 " + width + " " + height, "aria-hidden": "true" }, bars, missing),
      unseen(data.recentWords));
  };

  cells.StanceCell = ({ data }) => {
    const all = data.stances.reduce((sum, posts) => sum + posts, 0) || 1;
    const parts = stances().map(([name, mark], place) => [name, mark, data.stances[place]]).filter(([, , posts]) => posts);
    return make("div", { className: "cell-stance", title: data.stanceWords },
      make("div", { className: "stance-bar", key: "bar", "aria-hidden": "true" },
        parts.map(([name, , posts]) => make("span", { key: name, className: "fill fill-" + name, style: { flexGrow: posts / all } }))),
      make("div", { className: "stance-marks", key: "marks", "aria-hidden": "true" },
        parts.slice(0, 4).map(([name, mark, posts]) => make("span", { key: name, className: "stance-" + name },
          make("span", { className: "mark", key: "m" }, mark), posts > 999 ? Math.round(posts / 1000) + "k" : posts))),
      unseen(data.stanceWords));
  };

  cells.FirstSeenCell = ({ data }) => make("span", { title: data.firstExact, className: "time" }, data.first);

  cells.AnsweredCell = ({ data }) =>
    make("div", { className: "cell-two" },
      make("span", { className: "cell-answered", key: "verdict" }, data.answered),
      data.corrections ? make("span", { className: "cell-owner", key: "more" }, data.corrections) : null);
})();
