// SPDX-License-Identifier: MIT
// Copyright, and more of it: planted.
#pragma once
