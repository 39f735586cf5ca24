"""scipy's answers to the questions on standard input, for worker/statistics.test.ts."""

import json
import sys

from scipy import stats


def answer(question):
    kind = question["kind"]
    if kind == "ks":
        exact = stats.ks_2samp(question["a"], question["b"], method="exact")
        asymptotic = stats.ks_2samp(question["a"], question["b"], method="asymp")
        return {"d": exact.statistic, "exact": exact.pvalue, "asymptotic": asymptotic.pvalue}
    if kind == "kstwo":
        return {"sf": stats.kstwo.sf(question["d"], question["n"])}
    if kind == "chi2":
        found = stats.chi2_contingency(question["table"], correction=False)
        return {"statistic": found.statistic, "p": found.pvalue, "df": found.dof}
    if kind == "bh":
        return {"adjusted": stats.false_discovery_control(question["p"]).tolist()}
    raise ValueError(kind)


print(json.dumps([answer(question) for question in json.load(sys.stdin)], default=float))
