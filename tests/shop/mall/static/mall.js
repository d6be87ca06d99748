"use strict";
// The mall's page behaviour: choosing a SKU, counting, waiting panels, the chat. Everything works on elements the server wrote.

function tellMachines(sku) {   // the page's structured data follow the choice, as its visible texts do
  const price = sku.list.replace(/[¥,]/g, "");
  const list = document.getElementById("list");
  if (list.hasAttribute("content")) list.setAttribute("content", price);
  const script = document.querySelector('script[type="application/ld+json"]');
  if (!script) return;
  const data = JSON.parse(script.textContent);
  data.sku = sku.id;
  data.offers.price = price;
  script.textContent = JSON.stringify(data);
}

function chooseSku() {
  const table = document.getElementById("skus");
  if (!table) return;
  const skus = JSON.parse(table.textContent);
  const groups = [...document.querySelectorAll("[role=radiogroup]")];
  const show = (sku) => {
    document.getElementById("skuId").value = sku.id;
    document.getElementById("sku").textContent = sku.id;
    document.getElementById("chosen").textContent = sku.specification;
    document.getElementById("list").textContent = sku.list;
    tellMachines(sku);
    const final = document.getElementById("final");
    if (final) final.textContent = sku.final;
    document.querySelector(".detail figure img").src = sku.picture;
    const address = new URL(location.href);
    address.searchParams.set("skuId", sku.id);
    history.replaceState(null, "", address);
  };
  for (const group of groups) {
    group.addEventListener("click", (event) => {
      const button = event.target.closest("[role=radio]");
      if (!button) return;
      for (const other of group.querySelectorAll("[role=radio]")) other.setAttribute("aria-checked", String(other === button));
      const chosen = groups.map((one) => one.querySelector("[aria-checked=true]").dataset.value);
      const sku = skus.find((one) => one.choices.every((value, place) => value === chosen[place]));
      if (sku) show(sku);
    });
  }
}

function countQuantity() {
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const field = button.parentElement.querySelector("input");
      const next = (parseInt(field.value, 10) || 1) + Number(button.dataset.step);
      field.value = Math.min(Number(field.max), Math.max(1, next));
    });
  }
}

const POLL_MS = 1500;
const POLLS_MAX = 1200;   // half an hour, then the customer reloads

async function waitForPanel() {
  const panel = document.querySelector("#panel[data-poll]");
  for (let turn = 0; panel && turn < POLLS_MAX; ++turn) {
    await new Promise((go) => setTimeout(go, POLL_MS));
    const answer = await fetch(panel.dataset.poll).then((got) => got.json()).catch(() => ({ done: false }));
    if (answer.done) {
      panel.innerHTML = answer.html;
      return;
    }
  }
}

async function talk() {
  const list = document.getElementById("talk");
  const form = document.getElementById("say");
  if (!form) return;
  const greeting = list.firstElementChild.outerHTML;
  const show = async (answer) => {
    const got = await answer.json();
    if (!got.html) return 0;
    list.innerHTML = greeting + got.html;
    list.scrollTop = list.scrollHeight;
    return got.count;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    if (!body.get("text").trim()) return;
    form.elements.text.value = "";
    const sent = await show(await fetch(list.dataset.chat, { method: "POST", body }));
    for (let turn = 0; turn < 10; ++turn) {
      await new Promise((go) => setTimeout(go, 700));
      if (await show(await fetch(list.dataset.chat)) > sent) return;
    }
  });
}

chooseSku();
countQuantity();
waitForPanel();
talk();
