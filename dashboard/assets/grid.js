// The board's list: what is focused is chosen, columns go as room goes, and keys move the choice.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const none = () => window.dash_clientside.no_update;
  const GRID = "board-grid";
  const WIDE = 900;
  // The least width of the list at which each column stays.
  const NEEDS = { recent: 760, first: 680, stances: 560, answered: 440, state: 300 };
  let api = null;
  let prepared = null;

  async function prepare() {
    api = await window.dash_ag_grid.getApiAsync(GRID);
    api.addEventListener("cellFocused", (event) => {
      const node = event.rowIndex === null || event.rowIndex === undefined ? null : api.getDisplayedRowAtIndex(event.rowIndex);
      if (node && node.selectable && !node.isSelected()) node.setSelected(true, true);
    });
    api.addEventListener("rowClicked", (event) => {
      if (window.innerWidth < WIDE && event.node.selectable) open(event.node.id);
    });
    api.addEventListener("rowDoubleClicked", (event) => {
      if (event.node.selectable) open(event.node.id);
    });
    api.addEventListener("gridSizeChanged", fit);
    fit();
  }

  // Each time that the board is drawn its grid is a new one.
  document.addEventListener("grapevine:drawn", () => {
    const holder = document.getElementById(GRID);
    if (!holder || holder === prepared) return;
    prepared = holder;
    holder.addEventListener("keydown", tabPastHeading, true);
    prepare();
  });

  // The grid itself does not let Tab out of a row of full width.
  function tabPastHeading(event) {
    const heading = event.key === "Tab" && !event.shiftKey && event.target.closest(".ag-full-width-row");
    if (!heading) return;
    const link = heading.querySelector("a");
    if (link && event.target !== link) link.focus();
    else api.setFocusedCell(Number(heading.getAttribute("row-index")) + 1, "claim");
    event.preventDefault();
    event.stopPropagation();
  }

  function alive() {
    return api && !api.isDestroyed() && document.getElementById(GRID);
  }

  function fit() {
    if (!alive()) return;
    const width = document.getElementById(GRID).clientWidth;
    if (!width) return;
    for (const [column, least] of Object.entries(NEEDS)) {
      const show = width >= least;
      if (api.getColumn(column) && api.getColumn(column).isVisible() !== show) api.setColumnsVisible([column], show);
    }
  }

  function open(id) {
    const board = document.querySelector(".board[data-incident]");
    if (id && board) {
      window.dash_clientside.set_props("url", { pathname: window.grapevine.data.root + "/incident/" + encodeURIComponent(board.dataset.incident) + "/rumour/" + encodeURIComponent(id) });
    }
  }

  function openChosen() {
    const heading = document.activeElement.querySelector(":scope > .family-heading a");
    if (heading) {
      heading.click();
      return true;
    }
    const node = alive() ? api.getSelectedNodes()[0] : null;
    if (node) open(node.id);
    return Boolean(node);
  }

  function move(step) {
    if (!alive() || !api.getDisplayedRowCount()) return false;
    const node = api.getSelectedNodes()[0];
    const from = node ? node.rowIndex : -1;
    const at = (index) => api.getDisplayedRowAtIndex(index);
    // A heading is not chosen: the choice steps over it.
    const past = node ? step : 1;
    let to = from + past;
    while (at(to) && !at(to).selectable) to += past;
    if (!at(to)) to = from;
    // The heading above comes into view with the row below it.
    if (at(to - 1) && !at(to - 1).selectable) api.ensureIndexVisible(to - 1);
    api.ensureIndexVisible(to);
    api.setFocusedCell(to, "claim");
    at(to).setSelected(true, true);
    return true;
  }

  // While the list is drawn anew nothing is chosen for a moment: only an empty list chooses nothing.
  function chosenRow(rows, shown, before, context) {
    const id = rows && rows.length ? rows[0].id : (rows && rows.ids ? rows.ids[0] : null);
    if (!id) return shown && !shown.families.length ? null : none();
    window.sessionStorage.setItem("chosen:" + context.incident, id);
    return id !== before ? id : none();
  }

  // Who else is at each rumour, by its id: {mark, means}.
  let present = {};

  function showPresent(told) {
    const before = present;
    present = told ? told.rumours : {};
    if (!alive()) return;
    const changed = new Set([...Object.keys(before), ...Object.keys(present)].filter((id) =>
      JSON.stringify(before[id]) !== JSON.stringify(present[id])));
    const rowNodes = Array.from(changed, (id) => api.getRowNode(id)).filter(Boolean);
    if (rowNodes.length) api.refreshCells({ rowNodes, columns: ["claim"], force: true });
  }

  grapevine.grid = { move, open, openChosen, presentAt: (id) => present[id] };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    grid: {
      chosen_row: chosenRow,
      show_present: showPresent,
      chosen_before: (context) => window.sessionStorage.getItem("chosen:" + context.incident),
    },
  });
})();
