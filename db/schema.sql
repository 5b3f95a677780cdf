-- db/schema.sql - everything the program stores. Version 2 (PRAGMA user_version).
--
-- Units stand in the column names: gev, m; n_... and signal are numbers of events at the POT of the card.
-- Keys come from the content, never from the order of insertion: the same results stored in any order, by any number
-- of processes, are the same rows. Text keys where people read them; `kernel` and `contour` are 53-bit hashes of their
-- natural key (which is UNIQUE beside them), exact in every reader of CSV and JSON.
-- Numbers are NOT NULL unless NULL has a meaning, which is then said. The views at the end are for people and call no
-- function of the program; with the program n_events(kernel, width_gev), n_events_err(kernel, width_gev) work too:
--     SELECT production, decay, n_events(kernel, 1e-16) FROM v_kernel;

PRAGMA application_id = 1112360016; -- "BMDP"
PRAGMA user_version = 2;

-- What a number is worth (src/core/flag.h). The status of a sum is the most severe one of its terms.
CREATE TABLE status (
    status TEXT NOT NULL PRIMARY KEY,
    severity INTEGER NOT NULL UNIQUE,
    meaning TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO status VALUES
    ('ok', 0, 'precision reached'),
    ('precision', 1, 'the maximum of Monte Carlo points was reached before the asked precision'),
    ('clipped', 2, 'a branching ratio above 1 in a digitised table was set to 1'),
    ('masked', 3, 'too close to a meson pole'),
    ('closed', 4, 'forbidden by kinematics or by the cuts: the value is 0'),
    ('outside', 5, 'outside the range of the cited formula: there is no value');

-- An experiment card, and what SQL and contours need of it. The nodes of the kernels and of the momentum spectra are
-- the same for all kernels of an experiment. Modes 'limit_table' (published limits) and 'combination' (of experiments)
-- have no protons and no kernels; then the protons, the nodes, and precision, points and tasks of their runs are 0.
CREATE TABLE experiment (
    experiment TEXT NOT NULL PRIMARY KEY CHECK (experiment <> ''),
    title TEXT NOT NULL,
    mode TEXT NOT NULL,
    card_status TEXT NOT NULL, -- 'data', 'projection', 'comparison', 'combination'
    card TEXT NOT NULL,        -- the YAML text
    card_hash TEXT NOT NULL CHECK (length(card_hash) = 16),
    pot REAL NOT NULL CHECK (pot >= 0),
    pot_rel_unc REAL NOT NULL CHECK (pot_rel_unc >= 0 AND pot_rel_unc <= 1),
    pot_reference REAL NOT NULL CHECK (pot_reference >= 0), -- backgrounds are given at this POT
    production_z_m REAL NOT NULL CHECK (abs(production_z_m) < 1e7),
    mass_resolution_rel REAL NOT NULL CHECK (mass_resolution_rel >= 0 AND mass_resolution_rel < 1),
    limit_cl REAL NOT NULL CHECK (limit_cl > 0 AND limit_cl < 1),
    ln_s_min REAL NOT NULL CHECK (abs(ln_s_min) < 100), -- s in m/GeV; node k at exp(ln_s_min + (k - 3) ln_s_step)
    ln_s_step REAL NOT NULL CHECK (ln_s_step >= 0 AND ln_s_step < 1),
    ln_reach_p_min REAL NOT NULL CHECK (abs(ln_reach_p_min) < 100), -- p in GeV
    ln_reach_p_step REAL NOT NULL CHECK (ln_reach_p_step >= 0 AND ln_reach_p_step < 1)
) STRICT, WITHOUT ROWID;

-- One scan. The key is the hash of `plan`, the text of all that determines the numbers.
CREATE TABLE run (
    run TEXT NOT NULL PRIMARY KEY CHECK (length(run) = 16),
    experiment TEXT NOT NULL REFERENCES experiment,
    program_version TEXT NOT NULL,
    pdg_edition TEXT NOT NULL,
    seed INTEGER NOT NULL CHECK (seed >= 0),
    precision REAL NOT NULL CHECK (precision >= 0 AND precision < 1),
    max_points INTEGER NOT NULL CHECK (max_points >= 0), -- per shift
    n_task INTEGER NOT NULL CHECK (n_task >= 0),
    plan TEXT NOT NULL,
    -- The machine columns (db/tables.c): they say who ran it where, and change no number.
    source_commit TEXT NOT NULL,
    compiler TEXT NOT NULL,
    build_type TEXT NOT NULL,
    command_line TEXT NOT NULL,
    threads INTEGER NOT NULL CHECK (threads >= 0),
    host TEXT NOT NULL,
    start_utc TEXT NOT NULL,
    end_utc TEXT -- NULL: not finished
) STRICT, WITHOUT ROWID;

-- Every file a run read numbers from.
CREATE TABLE input (
    run TEXT NOT NULL REFERENCES run,
    name TEXT NOT NULL CHECK (name <> ''),
    hash TEXT NOT NULL CHECK (length(hash) = 16),
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- What a combination of experiments (mode 'combination') is made of, each with the run its numbers are from.
CREATE TABLE member (
    run TEXT NOT NULL REFERENCES run,
    experiment TEXT NOT NULL REFERENCES experiment,
    member_run TEXT NOT NULL REFERENCES run (run),
    PRIMARY KEY (run, experiment)
) STRICT, WITHOUT ROWID;

-- The selection of one decay.
CREATE TABLE selection (
    experiment TEXT NOT NULL REFERENCES experiment,
    decay TEXT NOT NULL CHECK (decay <> ''),
    a_trig REAL NOT NULL CHECK (a_trig >= 0 AND a_trig <= 1),
    projection INTEGER NOT NULL CHECK (projection IN (0, 1)), -- 1: no published count
    combined INTEGER NOT NULL CHECK (combined IN (0, 1)),     -- 1: enters the contours
    volume_z_min_m REAL NOT NULL CHECK (abs(volume_z_min_m) < 1e7),
    volume_z_max_m REAL NOT NULL CHECK (volume_z_max_m > volume_z_min_m AND volume_z_max_m < 1e7),
    source TEXT NOT NULL,
    PRIMARY KEY (experiment, decay)
) STRICT, WITHOUT ROWID;

-- Signal regions at generator level. The signal of a decay is the sum of weight x events over its regions.
CREATE TABLE region (
    experiment TEXT NOT NULL,
    decay TEXT NOT NULL,
    region TEXT NOT NULL CHECK (region <> ''),
    weight REAL NOT NULL CHECK (weight >= 0 AND weight <= 1),
    PRIMARY KEY (experiment, decay, region),
    FOREIGN KEY (experiment, decay) REFERENCES selection
) STRICT, WITHOUT ROWID;

-- What was seen and what is expected without signal, at pot_reference. Errors at the confidence level error_cl.
CREATE TABLE observation (
    experiment TEXT NOT NULL,
    decay TEXT NOT NULL,
    region TEXT NOT NULL,
    card_region TEXT NOT NULL, -- its name in the card
    n_sr INTEGER CHECK (n_sr >= 0), -- NULL: not given (projection)
    b_sr REAL NOT NULL CHECK (b_sr >= 0),
    b_sr_err_up REAL NOT NULL CHECK (b_sr_err_up >= 0),
    b_sr_err_down REAL NOT NULL CHECK (b_sr_err_down >= 0),
    n_cr INTEGER CHECK (n_cr >= 0), -- NULL: not given
    b_cr REAL NOT NULL CHECK (b_cr >= 0),
    b_cr_err_up REAL NOT NULL CHECK (b_cr_err_up >= 0),
    b_cr_err_down REAL NOT NULL CHECK (b_cr_err_down >= 0),
    error_cl REAL NOT NULL CHECK (error_cl >= 0 AND error_cl < 1), -- 0: no errors given
    window_n_sigma REAL NOT NULL CHECK (window_n_sigma >= 0),      -- 0: no mass window
    window_m_min_gev REAL NOT NULL CHECK (window_m_min_gev >= 0),
    window_m_max_gev REAL NOT NULL CHECK (window_m_max_gev >= window_m_min_gev),
    PRIMARY KEY (experiment, decay, region),
    FOREIGN KEY (experiment, decay, region) REFERENCES region
) STRICT, WITHOUT ROWID;

-- Backgrounds of which only a 90% CL upper limit is known.
CREATE TABLE background_limit (
    experiment TEXT NOT NULL,
    decay TEXT NOT NULL,
    region TEXT NOT NULL,
    item INTEGER NOT NULL CHECK (item >= 0),
    n_ul90 REAL NOT NULL CHECK (n_ul90 >= 0),
    PRIMARY KEY (experiment, decay, region, item),
    FOREIGN KEY (experiment, decay, region) REFERENCES observation
) STRICT, WITHOUT ROWID;

-- Reconstructed masses of the observed events.
CREATE TABLE candidate (
    experiment TEXT NOT NULL,
    decay TEXT NOT NULL,
    region TEXT NOT NULL,
    item INTEGER NOT NULL CHECK (item >= 0),
    mass_gev REAL NOT NULL CHECK (mass_gev > 0 AND mass_gev < 1e3),
    PRIMARY KEY (experiment, decay, region, item),
    FOREIGN KEY (experiment, decay, region) REFERENCES observation
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
    model TEXT NOT NULL PRIMARY KEY, -- '': the channels that need no model
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    coupling_unit TEXT NOT NULL -- '1' or 'GeV^-1'
) STRICT, WITHOUT ROWID;
INSERT INTO model VALUES ('', 'no model: unit strength and BR = 1', '', '1');

-- A way to make X and a way to see it. The key says all: 'dark_scalar/b_decay:K(form_factor=pole)/mu+mu-'.
CREATE TABLE channel (
    channel TEXT NOT NULL PRIMARY KEY,
    model TEXT NOT NULL REFERENCES model,
    production TEXT NOT NULL CHECK (production <> ''),
    variant TEXT NOT NULL,  -- '': the default
    settings TEXT NOT NULL, -- what differs from the defaults: 'key=value,...'
    decay TEXT NOT NULL CHECK (decay <> ''),
    unit TEXT NOT NULL,     -- unit strength of the production: 'theta = 1'
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    CHECK (channel = iif(model = '', '', model || '/') || production || iif(variant = '', '', ':' || variant)
                     || iif(settings = '', '', '(' || settings || ')') || '/' || decay)
) STRICT, WITHOUT ROWID;

-- A decay kernel (decay/kernel.h): N = (Gamma/hbar c) sum_k weight_k exp(-mass s_k Gamma/hbar c) per proton, at unit
-- strength and BR = 1. The weights are a quadrature rule, not a histogram: some are slightly negative.
-- BLOBs are little-endian doubles.
CREATE TABLE kernel (
    kernel INTEGER NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES run,
    experiment TEXT NOT NULL REFERENCES experiment,
    channel TEXT NOT NULL REFERENCES channel,
    region TEXT NOT NULL CHECK (region <> ''),
    mass_gev REAL NOT NULL CHECK (mass_gev > 0 AND mass_gev < 1e3),
    status TEXT NOT NULL REFERENCES status,
    chi_per_pot REAL NOT NULL CHECK (chi_per_pot >= 0 AND chi_per_pot < 1e300), -- X per proton, all angles
    acceptance REAL NOT NULL CHECK (acceptance >= 0 AND acceptance < 1.05), -- long-lived limit; 1.05: its own error
    error REAL NOT NULL CHECK (error >= 0 AND error < 1e300),               -- relative, the largest of error_rel
    n_configuration REAL NOT NULL CHECK (n_configuration >= 0 AND n_configuration < 1e15),
    weight BLOB NOT NULL CHECK (length(weight) = 206 * 8),         -- [m]
    reach BLOB NOT NULL CHECK (length(reach) = 200 * 8),           -- X per proton by momentum, all angles
    error_width BLOB NOT NULL CHECK (length(error_width) = 24 * 8), -- [GeV]
    error_rel BLOB NOT NULL CHECK (length(error_rel) = 24 * 8),     -- relative error of N at these widths
    UNIQUE (experiment, channel, region, mass_gev)
) STRICT;
CREATE INDEX kernel_run ON kernel (run);

-- Events of one channel at one point, stored on request. Without benchmark: at unit strength and BR = 1, at a width.
CREATE TABLE yield (
    experiment TEXT NOT NULL REFERENCES experiment,
    channel TEXT NOT NULL REFERENCES channel,
    region TEXT NOT NULL CHECK (region <> ''),
    benchmark TEXT NOT NULL, -- '': none
    mass_gev REAL NOT NULL CHECK (mass_gev > 0 AND mass_gev < 1e3),
    width_gev REAL NOT NULL CHECK (width_gev >= 0 AND width_gev < 1e300),
    coupling REAL NOT NULL CHECK (coupling >= 0 AND coupling < 1e300), -- 0 without benchmark
    n_events REAL NOT NULL CHECK (n_events >= 0 AND n_events < 1e300),         -- at unit strength and BR = 1
    n_events_err REAL NOT NULL CHECK (n_events_err >= 0 AND n_events_err < 1e300), -- Monte Carlo
    signal REAL CHECK (signal >= 0 AND signal < 1e300), -- kappa BR n_events; NULL without benchmark
    chi_per_pot REAL NOT NULL CHECK (chi_per_pot >= 0 AND chi_per_pot < 1e300),
    reach_decay REAL NOT NULL CHECK (reach_decay >= 0 AND reach_decay <= 1),
    status TEXT NOT NULL REFERENCES status,
    PRIMARY KEY (experiment, benchmark, channel, region, mass_gev, coupling, width_gev),
    CHECK ((benchmark = '') = (signal IS NULL)),
    CHECK (benchmark <> '' OR coupling = 0)
) STRICT, WITHOUT ROWID;
-- A kernel that is computed anew makes the yields of its channel stale.
CREATE TRIGGER kernel_replaced AFTER DELETE ON kernel BEGIN
    DELETE FROM yield WHERE experiment = old.experiment AND channel = old.channel AND region = old.region;
END;

-- Signal and CLs in the plane of a benchmark. NULL: not computed.
CREATE TABLE point (
    run TEXT NOT NULL REFERENCES run,
    experiment TEXT NOT NULL REFERENCES experiment,
    benchmark TEXT NOT NULL CHECK (benchmark <> ''),
    method TEXT NOT NULL CHECK (method <> ''),
    pot REAL NOT NULL CHECK (pot > 0 AND pot < 1e300),
    mass_gev REAL NOT NULL CHECK (mass_gev > 0 AND mass_gev < 1e3),
    coupling REAL NOT NULL CHECK (coupling > 0 AND coupling < 1e300),
    signal REAL NOT NULL CHECK (signal >= 0 AND signal < 1e300),
    cls_observed REAL CHECK (cls_observed BETWEEN 0 AND 1),
    cls_expected_minus_2sigma REAL CHECK (cls_expected_minus_2sigma BETWEEN 0 AND 1),
    cls_expected_minus_1sigma REAL CHECK (cls_expected_minus_1sigma BETWEEN 0 AND 1),
    cls_expected REAL CHECK (cls_expected BETWEEN 0 AND 1),
    cls_expected_plus_1sigma REAL CHECK (cls_expected_plus_1sigma BETWEEN 0 AND 1),
    cls_expected_plus_2sigma REAL CHECK (cls_expected_plus_2sigma BETWEEN 0 AND 1),
    status TEXT NOT NULL REFERENCES status,
    PRIMARY KEY (experiment, benchmark, method, pot, mass_gev, coupling)
) STRICT, WITHOUT ROWID;

-- A contour is polygons: none of them means that nothing is excluded, which is a result too. It says nothing outside the
-- plane that was scanned, x_min to x_max and y_min to y_max, at whose border open polylines end.
CREATE TABLE contour (
    contour INTEGER NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES run,
    experiment TEXT NOT NULL REFERENCES experiment,
    benchmark TEXT NOT NULL CHECK (benchmark <> ''),
    plane TEXT NOT NULL CHECK (plane = x_name || ',' || y_name), -- 'mass_gev,coupling'
    x_name TEXT NOT NULL CHECK (x_name <> ''),
    y_name TEXT NOT NULL CHECK (y_name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('observed', 'expected', 'expected-2sigma', 'expected-1sigma', 'expected+1sigma',
                                       'expected+2sigma', 'projection')),
    cl REAL NOT NULL CHECK (cl > 0 AND cl < 1),
    method TEXT NOT NULL CHECK (method <> ''),
    pot REAL NOT NULL CHECK (pot >= 0 AND pot < 1e300),
    x_min REAL NOT NULL CHECK (x_min > 0 AND x_min < 1e300),
    x_max REAL NOT NULL CHECK (x_max > x_min AND x_max < 1e300),
    y_min REAL NOT NULL CHECK (y_min > 0 AND y_min < 1e300),
    y_max REAL NOT NULL CHECK (y_max > y_min AND y_max < 1e300),
    n_polyline INTEGER NOT NULL CHECK (n_polyline >= 0),
    UNIQUE (experiment, benchmark, plane, kind, cl, method, pot)
) STRICT;

CREATE TABLE polyline (
    contour INTEGER NOT NULL REFERENCES contour ON DELETE CASCADE,
    polyline INTEGER NOT NULL CHECK (polyline >= 0),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)), -- 1: the last vertex joins the first; 0: ends at the border
    hole INTEGER NOT NULL CHECK (hole IN (0, 1)),     -- 1: the inside is not excluded
    n_vertex INTEGER NOT NULL CHECK (n_vertex > 0),
    PRIMARY KEY (contour, polyline)
) STRICT, WITHOUT ROWID;

CREATE TABLE vertex (
    contour INTEGER NOT NULL,
    polyline INTEGER NOT NULL,
    vertex INTEGER NOT NULL CHECK (vertex >= 0),
    x REAL NOT NULL CHECK (abs(x) < 1e300),
    y REAL NOT NULL CHECK (abs(y) < 1e300),
    PRIMARY KEY (contour, polyline, vertex),
    FOREIGN KEY (contour, polyline) REFERENCES polyline ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which decay drives a contour: at each mass, at the coupling of the largest signal, the excluded signal over the
-- tested one (below 1: excluded), with all decays and without this one. Masses without any signal have no row.
CREATE TABLE driver (
    contour INTEGER NOT NULL REFERENCES contour ON DELETE CASCADE,
    mass_gev REAL NOT NULL CHECK (mass_gev > 0 AND mass_gev < 1e3),
    decay TEXT NOT NULL CHECK (decay <> ''),
    coupling REAL NOT NULL CHECK (coupling > 0 AND coupling < 1e300),
    strength_up REAL NOT NULL CHECK (strength_up > 0 AND strength_up < 1e300),
    strength_up_without REAL NOT NULL CHECK (strength_up_without > 0 AND strength_up_without < 1e300),
    PRIMARY KEY (contour, mass_gev, decay)
) STRICT, WITHOUT ROWID;

-- Audit: every kernel and what it is worth.
CREATE VIEW v_kernel AS
SELECT kernel, experiment, model, production, variant, settings, decay, region, mass_gev, chi_per_pot, acceptance, error,
       n_configuration, status, run
FROM kernel JOIN channel USING (channel);

-- What can be counted, and what was.
CREATE VIEW v_channel AS
SELECT experiment, model, production, variant, settings, decay, region, unit, count(*) AS n_mass,
       min(mass_gev) AS mass_min_gev, max(mass_gev) AS mass_max_gev, a_trig, projection, combined,
       n_sr AS n_observed, b_sr AS background
FROM kernel JOIN channel USING (channel)
     LEFT JOIN selection USING (experiment, decay)
     LEFT JOIN observation USING (experiment, decay, region)
GROUP BY experiment, channel, region;

-- Stored yields with the factors they are made of: n_events = pot chi_per_pot reach_decay trigger acceptance.
CREATE VIEW v_yield AS
SELECT experiment, benchmark, model, production, variant, settings, decay, region, y.mass_gev, width_gev,
       nullif(coupling, 0) AS coupling, n_events, n_events_err, signal,
       iif(n_events > 0, signal * n_events_err / n_events, signal) AS signal_err,
       pot, y.chi_per_pot, reach_decay, a_trig AS trigger,
       iif(n_events > 0, n_events / (pot * y.chi_per_pot * reach_decay * a_trig), 0.0) AS acceptance, y.status
FROM yield AS y JOIN channel USING (channel)
     JOIN experiment USING (experiment)
     LEFT JOIN selection USING (experiment, decay);

-- Sum over productions, decays and regions (with the weights of the regions). Errors are added linearly: productions
-- of one decay share their Monte Carlo configurations. A closed channel does not close the sum.
CREATE VIEW v_total AS
SELECT experiment, benchmark, mass_gev, coupling, width_gev, n_channel, signal, signal_err, status
FROM (SELECT experiment, benchmark, mass_gev, coupling, width_gev, count(*) AS n_channel,
             total(weight * signal) AS signal, total(weight * signal_err) AS signal_err,
             coalesce(max(iif(status = 'closed', NULL, severity)), 4) AS severity
      FROM v_yield JOIN region USING (experiment, decay, region)
           JOIN status USING (status)
      WHERE benchmark <> ''
      GROUP BY experiment, benchmark, mass_gev, coupling, width_gev)
     JOIN status USING (severity);

-- The channel that gives most of the signal at each point, and its share.
CREATE VIEW v_best_channel AS
SELECT experiment, benchmark, mass_gev, coupling, model, production, variant, settings, decay, region, signal,
       signal_err, share, status
FROM (SELECT v.*, weight * signal / sum(weight * signal) OVER point AS share,
             row_number() OVER (point ORDER BY weight * signal DESC, production, variant, settings, decay, region) AS place
      FROM v_yield AS v JOIN region USING (experiment, decay, region)
      WHERE benchmark <> ''
      WINDOW point AS (PARTITION BY experiment, benchmark, mass_gev, coupling, width_gev))
WHERE place = 1 AND signal > 0;

-- All stored contours; shown = 1: the one in v_contour. Of several with the same experiment, benchmark, plane and kind
-- that is the one at the POT and CL of the card, by CLs: never a mixture. members: of a combination, otherwise NULL.
CREATE VIEW v_contour_list AS
SELECT contour, experiment, benchmark, plane, kind, cl, method, c.pot, x_min, x_max, y_min, y_max, n_polyline,
       row_number() OVER (PARTITION BY experiment, benchmark, plane, kind
                          ORDER BY c.pot <> e.pot, cl <> limit_cl, method <> 'cls', c.pot, cl, method) = 1 AS shown,
       (SELECT group_concat(m.experiment, ' ') FROM (SELECT * FROM member ORDER BY experiment) AS m
        WHERE m.run = c.run) AS members, run
FROM contour AS c JOIN experiment AS e USING (experiment);

CREATE VIEW v_contour AS
SELECT experiment, benchmark, kind, polyline, vertex, x AS mass_gev, y AS coupling, closed, hole
FROM v_contour_list JOIN polyline USING (contour)
     JOIN vertex USING (contour, polyline)
WHERE plane = 'mass_gev,coupling' AND shown = 1
ORDER BY experiment, benchmark, kind, polyline, vertex;

-- The decays behind the contours of v_contour. drives = 1: the one without which the limit is weakest; none if no
-- decay strengthens it.
CREATE VIEW v_driver AS
SELECT experiment, benchmark, kind, mass_gev, coupling, decay, strength_up, strength_up_without,
       strength_up_without > strength_up * (1 + 1e-9)
       AND row_number() OVER (PARTITION BY contour, mass_gev ORDER BY strength_up_without DESC, decay) = 1 AS drives
FROM v_contour_list JOIN driver USING (contour)
WHERE plane = 'mass_gev,coupling' AND shown = 1
ORDER BY experiment, benchmark, kind, mass_gev, decay;
