// On a shared computer: asks, a minute before the end, whether somebody is still there. Whoever is typing is.
"use strict";
(() => {
  const asking = document.getElementById("idle");
  const over = document.getElementById("idle-over");
  if (!asking || !over || !asking.showModal) return;
  const form = asking.querySelector("form");
  const patience = Number(asking.dataset.seconds) * 1000;
  let timer = 0;
  let typed = false;

  const wait = () => {
    typed = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (typed ? stay() : asking.showModal()), patience);
  };

  const stay = async () => {
    let kept = false;
    try {
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
      kept = answer.status === 204;
    } catch {
      kept = false;
    }
    if (asking.open) asking.close();
    if (kept) wait();
    else over.showModal();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  asking.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  document.addEventListener("input", () => {
    typed = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // The program asks for news by itself; only what a person does counts.
    if (event.detail.requestConfig.verb !== "get") wait();
  });
  wait();
})();
