/* The two workloads of the benchmark in plain C, the sizes known at compile time: what a programmer would write by hand.
   gcc -O3 -march=native -ffast-math -shared -fPIC; exp then comes from the vector library that gcc brings. */
#include <math.h>
#include <string.h>

static inline void logistic(int n, double *y) {
    for (int c = 0; c < n; c++) y[c] = 1.0 / (1.0 + exp(-y[c]));                        /* (2) */
}

/* x_j = sum_i y_i w_ji (1), for `to` units fed by `from` units and a bias, over N cases */
#define FORWARD(N, to, from, w, b, source, target)                                       \
    for (int j = 0; j < to; j++) {                                                       \
        double *x = (target) + j * N;                                                    \
        for (int c = 0; c < N; c++) x[c] = (b)[j];                                       \
        for (int i = 0; i < from; i++)                                                   \
            for (int c = 0; c < N; c++) x[c] += (w)[j * from + i] * (source)[i * N + c]; \
        logistic(N, x);                                                                  \
    }

#define SLOPE(N, to, y, dE)                                                              \
    for (int k = 0; k < to * N; k++) (dE)[k] *= (y)[k] * (1.0 - (y)[k]);                 /* (5) */

/* dE/dw (6) and, where the source is hidden, dE/dy of the source (7) */
#define BACKWARD(N, to, from, w, gw, gb, source, dsource, dE)                            \
    for (int j = 0; j < to; j++) {                                                       \
        double sum = 0.0;                                                                \
        for (int c = 0; c < N; c++) sum += (dE)[j * N + c];                              \
        (gb)[j] = sum;                                                                   \
        for (int i = 0; i < from; i++) {                                                 \
            double q = 0.0;                                                              \
            for (int c = 0; c < N; c++) q += (dE)[j * N + c] * (source)[i * N + c];      \
            (gw)[j * from + i] = q;                                                      \
            double *d = (dsource);                                                       \
            if (d)                                                                       \
                for (int c = 0; c < N; c++) d[i * N + c] += (w)[j * from + i] * (dE)[j * N + c]; \
        }                                                                                \
    }

static void change(int n, double *w, double *v, const double *g, double epsilon, double alpha, double keep) {
    for (int p = 0; p < n; p++) {
        v[p] = alpha * v[p] - epsilon * g[p];                                            /* (9) */
        w[p] = (w[p] + v[p]) * keep;
    }
}

/* 6-2-1, 64 cases. w: input-hidden 12, biases 2, hidden-output 2, bias 1. inputs (6, 64), desired (64). */
void symmetry(double *w, double *v, const double *inputs, const double *desired, int sweeps, double epsilon,
              double alpha, double *E) {
    enum { N = 64 };
    double h[2 * N], o[N], dh[2 * N], g[17];
    for (int t = 0; t < sweeps; t++) {
        FORWARD(N, 2, 6, w, w + 12, inputs, h)
        FORWARD(N, 1, 2, w + 14, w + 16, h, o)
        double sum = 0.0;
        for (int c = 0; c < N; c++) sum += (o[c] - desired[c]) * (o[c] - desired[c]);
        E[t] = 0.5 * sum;                                                                /* (3) */
        double dE[N];
        for (int c = 0; c < N; c++) dE[c] = o[c] - desired[c];                           /* (4) */
        SLOPE(N, 1, o, dE)
        memset(dh, 0, sizeof dh);
        BACKWARD(N, 1, 2, w + 14, g + 14, g + 16, h, dh, dE)
        SLOPE(N, 2, h, dh)
        BACKWARD(N, 2, 6, w, g, g + 12, inputs, (double *)0, dh)
        change(17, w, v, g, epsilon, alpha, 1.0);
    }
}

/* 24+12 -> 6+6 -> 12 -> 6 -> 24, 104 cases, the error zero within .2 of the desired state, weight decay. */
void trees(double *w, double *v, const double *inputs, const double *desired, int sweeps, double epsilon, double alpha,
           double decay, double *E) {
    enum { N = 104, P = 24, R = 12, A = 6, B = 6, C = 12, D = 6, O = 24 };
    enum { WA = 0, BA = WA + A * P, WB = BA + A, BB = WB + B * R, WCA = BB + B, WCB = WCA + C * A, BC = WCB + C * B,
           WD = BC + C, BD = WD + D * C, WO = BD + D, BO = WO + O * D, W = BO + O };
    static _Thread_local double ab[(A + B) * N], c_[C * N], d_[D * N], o[O * N];
    static _Thread_local double dab[(A + B) * N], dc[C * N], dd[D * N], dO[O * N], g[W], wc[C * (A + B)], gc[C * (A + B)];
    for (int t = 0; t < sweeps; t++) {
        for (int j = 0; j < C; j++) {
            memcpy(wc + j * (A + B), w + WCA + j * A, A * sizeof *w);
            memcpy(wc + j * (A + B) + A, w + WCB + j * B, B * sizeof *w);
        }
        FORWARD(N, A, P, w + WA, w + BA, inputs, ab)
        FORWARD(N, B, R, w + WB, w + BB, inputs + P * N, ab + A * N)
        FORWARD(N, C, (A + B), wc, w + BC, ab, c_)
        FORWARD(N, D, C, w + WD, w + BD, c_, d_)
        FORWARD(N, O, D, w + WO, w + BO, d_, o)
        double sum = 0.0;
        for (int k = 0; k < O * N; k++) {
            double q = o[k] - desired[k];                                                /* (4) */
            q = fabs(q) < 0.2 ? 0.0 : q;
            sum += q * q;
            dO[k] = q;
        }
        E[t] = 0.5 * sum;                                                                /* (3) */
        memset(dab, 0, sizeof dab); memset(dc, 0, sizeof dc); memset(dd, 0, sizeof dd);
        SLOPE(N, O, o, dO)
        BACKWARD(N, O, D, w + WO, g + WO, g + BO, d_, dd, dO)
        SLOPE(N, D, d_, dd)
        BACKWARD(N, D, C, w + WD, g + WD, g + BD, c_, dc, dd)
        SLOPE(N, C, c_, dc)
        BACKWARD(N, C, (A + B), wc, gc, g + BC, ab, dab, dc)
        for (int j = 0; j < C; j++) {
            memcpy(g + WCA + j * A, gc + j * (A + B), A * sizeof *g);
            memcpy(g + WCB + j * B, gc + j * (A + B) + A, B * sizeof *g);
        }
        SLOPE(N, (A + B), ab, dab)
        BACKWARD(N, A, P, w + WA, g + WA, g + BA, inputs, (double *)0, dab)
        BACKWARD(N, B, R, w + WB, g + WB, g + BB, inputs + P * N, (double *)0, dab + A * N)
        change(W, w, v, g, epsilon, alpha, 1.0 - decay);
    }
}
